-- Runs before new code: it only adds.
-- Texts that the vendor has taken and may not have sent yet, of people who wrote or told us to stop since: they are to be taken back there.

-- migrate:up
alter table touch add recall text, add recall_tried_at timestamptz, add recall_settled_at timestamptz;
comment on column touch.recall is 'why a text is to be taken back at the vendor: replied or opted_out; recall_settled_at: when it was, or was too late';
create index touch_recall on touch (tenant, sending_since) where recall is not null and recall_settled_at is null;

create function recall_texts(p_tenant text, p_people text[], p_because text) returns void
language sql as $$
    update touch t set recall = p_because
    where t.tenant = p_tenant and t.person_id = any (p_people) and t.channel = 'sms' and t.purpose <> 'internal'
      and t.state = 'sent' and t.vendor_id is not null and t.recall is null
      and t.sending_since > clock_timestamp() - interval '12 hours'  -- lease: Twilio keeps none longer than ten hours
      and not exists (select from delivery d where d.tenant = t.tenant and d.vendor_id = t.vendor_id
                      and d.vendor_status not in ('accepted', 'scheduled', 'queued'))
$$;
comment on function recall_texts is 'marks texts that the vendor has taken and said no more of; whoever sweeps takes them back';

create function recall_after_reply() returns trigger
language plpgsql as $$
begin
    perform recall_texts(new.tenant, array[new.person_id], 'replied');
    return null;
end $$;
create trigger recall_after_reply after update of last_reply_at on person for each row
when (new.last_reply_at is distinct from old.last_reply_at) execute function recall_after_reply();

create function recall_after_stop() returns trigger
language plpgsql as $$
begin
    perform recall_texts(new.tenant, array(select same_human(new.tenant, new.person_id, array[new.value])), 'opted_out');
    return null;
end $$;
create trigger recall_after_stop after insert on opt_out for each row execute function recall_after_stop();

-- migrate:down
drop trigger recall_after_stop on opt_out;
drop trigger recall_after_reply on person;
drop function recall_after_stop, recall_after_reply, recall_texts;
drop index touch_recall;
alter table touch drop recall, drop recall_tried_at, drop recall_settled_at;
