-- Runs before new code: it only adds, and code from before it does not ask.
-- Touches of one human begin one after another, each knowing of those before: a function, because what it counts must see what was
-- committed while it waited.

-- migrate:up
create function part_touches(p_touch text, p_claimer text, p_counted integer) returns text
language plpgsql as $$
declare
    t touch;
    touches jsonb;
begin
    select * into t from touch where touch_id = p_touch;
    if p_counted is null or t.purpose = 'internal' or t.state is distinct from 'claimed' or t.claimed_by is distinct from p_claimer then
        return null;
    end if;
    -- One human may be several persons, and touches of each hold that person's row alone. Held until the touch has begun.
    perform pg_advisory_xact_lock(hashtextextended(
        'touch:' || t.tenant || ':' || (select min(p) from same_human(t.tenant, t.person_id, array[t.recipient]) p), 0));
    touches := past_of(t.tenant, t.person_id, t.lead_id, array[t.recipient], t.lead_now, t.key) -> 'touches';
    return case when jsonb_array_length(touches) <> p_counted then 'another_touch' end;
end $$;
comment on function part_touches is 'why a claimed touch may not be begun: since it was judged, when its human had so many touches, another was made or taken back; it stays claimed, to be judged again';

-- migrate:down
drop function part_touches;
