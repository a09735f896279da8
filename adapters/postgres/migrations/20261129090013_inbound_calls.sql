-- Runs before new code: what it changes holds for calls of ours as before.
-- Calls to our numbers (decision 0028): a row without a lead, reps who are only rung, answered calls of closed leads.

-- migrate:up
alter table call alter column lead_id drop not null;

create or replace function on_call(p_tenant text) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(distinct leg ->> 'rep' order by leg ->> 'rep'), '[]')
    from call c, jsonb_array_elements(c.state -> 'legs') leg
    where c.tenant = p_tenant and c.ended_at is null and c.created_at > clock_timestamp() - interval '5 hours'  -- lease: no call lasts so long
      and leg ->> 'party' = 'rep' and leg ->> 'state' <> 'ended' and leg ->> 'rep' is not null
      and (coalesce(c.state ->> 'direction', 'outbound') = 'outbound' or leg ->> 'press' = 'took')
$$;
comment on function on_call is 'reps whose phones are in a call of ours now; of a call to us only who took it, since another may ring meanwhile';

create or replace function hand_back(p_lead text, p_remembered integer) returns void
language sql as $$
    update inbox i set state = 'undecided', lead_id = null, ref = null, tried_at = null, last_error = 'the lead closed first'
    from lead l, lateral (select array(select jsonb_array_elements_text(l.state -> 'seen')) as seen) s
    where l.lead_id = p_lead and i.lead_id = p_lead and i.row_id <> l.row_id
      and i.state in ('captured', 'dispatched')
      and i.ref ->> 'kind' in ('inquiry', 'joined', 'behaviour', 'reply', 'answered')
      and i.row_id <> all (s.seen)
      and (cardinality(s.seen) < p_remembered
           or i.row_id > (select min(one) from unnest(s.seen) one where one ~ '^[0-9a-f]{8}-'))
$$;

-- migrate:down
create or replace function hand_back(p_lead text, p_remembered integer) returns void
language sql as $$
    update inbox i set state = 'undecided', lead_id = null, ref = null, tried_at = null, last_error = 'the lead closed first'
    from lead l, lateral (select array(select jsonb_array_elements_text(l.state -> 'seen')) as seen) s
    where l.lead_id = p_lead and i.lead_id = p_lead and i.row_id <> l.row_id
      and i.state in ('captured', 'dispatched')
      and i.ref ->> 'kind' in ('inquiry', 'joined', 'behaviour', 'reply')
      and i.row_id <> all (s.seen)
      and (cardinality(s.seen) < p_remembered
           or i.row_id > (select min(one) from unnest(s.seen) one where one ~ '^[0-9a-f]{8}-'))
$$;
create or replace function on_call(p_tenant text) returns jsonb
language sql stable as $$
    select coalesce(jsonb_agg(distinct leg ->> 'rep' order by leg ->> 'rep'), '[]')
    from call c, jsonb_array_elements(c.state -> 'legs') leg
    where c.tenant = p_tenant and c.ended_at is null and c.created_at > clock_timestamp() - interval '5 hours'  -- lease: no call lasts so long
      and leg ->> 'party' = 'rep' and leg ->> 'state' <> 'ended'
$$;
delete from call where lead_id is null;
alter table call alter column lead_id set not null;
