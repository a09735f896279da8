-- Runs before new code: code from before it ends such calls and texts later, or not.
-- Whoever asks us to stop is rung by no call of any lead of theirs; who is on the phone with one of us, or has booked a time, is not texted.

-- migrate:up
create function call_off_after_stop() returns trigger
language plpgsql as $$
begin
    perform call_off(new.tenant, p, 'opted_out') from same_human(new.tenant, new.person_id, array[new.value]) p;
    return null;
end $$;
create trigger call_off_after_stop after insert on opt_out for each row execute function call_off_after_stop();

create function quieten(p_tenant text, p_person text, p_because text) returns void
language sql as $$
    update touch set state = 'cancelled', because = p_because, settled_at = clock_timestamp()
    where tenant = p_tenant and person_id = p_person and channel = 'sms' and purpose <> 'internal' and state in ('planned', 'claimed');
    select recall_texts(p_tenant, array[p_person], p_because);
$$;
comment on function quieten is 'texts to a person that are not on their way are cancelled; those that the vendor still has are taken back';

create function quieten_who_talks() returns trigger
language plpgsql as $$
begin
    perform quieten(new.tenant, new.person_id, 'on_the_phone');
    return null;
end $$;
create trigger quieten_who_talks after update of state on call for each row
when (new.person_id is not null and (new.state ->> 'met')::boolean and not (old.state ->> 'met')::boolean)
execute function quieten_who_talks();

create function quieten_who_booked() returns trigger
language plpgsql as $$
begin
    perform quieten(new.tenant, person_id, 'booked') from lead where lead_id = new.lead_id;
    return null;
end $$;
create trigger quieten_who_booked after insert on lead_event for each row
when (new.kind = 'disposed' and new.data ->> 'code' = 'meeting_set') execute function quieten_who_booked();

create function quiet_touch(p_touch text, p_claimer text) returns text
language plpgsql as $$
declare
    t touch;
    settled text;
begin
    select * into t from touch where touch_id = p_touch;
    if t.channel <> 'sms' or t.purpose = 'internal' or t.state is distinct from 'claimed' or t.claimed_by is distinct from p_claimer then
        return null;
    end if;
    if exists (select from call c
               where c.tenant = t.tenant and c.person_id = t.person_id and c.ended_at is null
                 and c.created_at > clock_timestamp() - interval '5 hours'  -- lease: no call lasts so long
                 and (c.state ->> 'met')::boolean and c.state ->> 'closed_at' is null) then
        return 'on_the_phone';
    end if;
    -- It was judged before this happened: lead_now is the moment of its judgement.
    select case e.kind when 'disposed' then 'booked' else 'talked' end into settled from lead_event e
    where e.lead_id = t.lead_id and e.at > t.lead_now
      and (e.kind = 'disposed' and e.data ->> 'code' = 'meeting_set' or e.kind = 'called' and (e.data ->> 'contact')::boolean)
    order by e.seq limit 1;
    if settled is not null then
        update touch set state = 'cancelled', because = settled, settled_at = clock_timestamp() where touch_id = p_touch;
    end if;
    return settled;
end $$;
comment on function quiet_touch is 'why a claimed text may not be begun: its person is on the phone with one of ours, and it stays claimed, to be judged again; or since it was judged they have talked or booked a time, and it is cancelled';

-- migrate:down
drop function quiet_touch;
drop trigger quieten_who_booked on lead_event;
drop trigger quieten_who_talks on call;
drop trigger call_off_after_stop on opt_out;
drop function quieten_who_booked, quieten_who_talks, quieten, call_off_after_stop;
