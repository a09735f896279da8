-- Runs before new code: it only adds.
-- A function, because each of its statements must see what was committed while it waited for the person's row.

-- migrate:up
create function begin_touch(p_touch text, p_claimer text, p_deadline interval) returns text
language plpgsql as $$
declare
    t touch;
begin
    select * into t from touch where touch_id = p_touch;
    if not found then
        return 'missing';
    end if;
    -- A STOP holds this same row until it commits: whichever comes second sees the first.
    perform from person where person_id = t.person_id for no key update;
    select * into t from touch where touch_id = p_touch for update;
    if t.state = 'cancelled' then
        return case when t.because in ('opted_out', 'replied') then t.because else 'cancelled' end;
    elsif t.state <> 'claimed' or t.claimed_by is distinct from p_claimer then
        return 'fenced';
    elsif t.purpose <> 'internal' and is_opted_out(t.tenant, t.person_id, array[t.recipient]) then
        update touch set state = 'cancelled', because = 'opted_out', settled_at = clock_timestamp() where touch_id = p_touch;
        return 'opted_out';
    elsif exists (select from person where person_id = t.person_id and last_reply_lead = t.lead_id and last_reply_at > t.heard) then
        update touch set state = 'cancelled', because = 'replied', settled_at = clock_timestamp() where touch_id = p_touch;
        return 'replied';
    end if;
    update touch set state = 'sending', sending_since = clock_timestamp(), deadline = p_deadline, listings = 0
    where touch_id = p_touch;
    return null;
end $$;
comment on function begin_touch is 'claimed -> sending, if it is still the claimer''s and the person may be touched; else the reason';

-- migrate:down
drop function begin_touch;
