-- Runs before new code: it only adds.
-- A function, because each of its statements must see what was committed while it waited for the persons' rows.

-- migrate:up
create function take_opt_out(p_tenant text, p_person text, p_value text, p_row text, p_at timestamptz) returns void
language plpgsql as $$
declare
    them text[] := array(select same_human(p_tenant, p_person, array[p_value]));
begin
    -- A send that begins holds this same row: whichever comes second sees the first.
    perform from person where person_id = any (them) order by person_id for no key update;
    insert into opt_out (tenant, person_id, value, row_id, at)
    select p_tenant, p_person, v.value, p_row, p_at from (
        select value from identity where person_id = any (them) union select p_value where p_value is not null
    ) v
    where not exists (select from opt_out o where o.tenant = p_tenant and o.person_id = p_person and o.value = v.value
                      and o.restored_at is null);
    update touch set state = 'cancelled', because = 'opted_out', settled_at = clock_timestamp()
    where tenant = p_tenant and person_id = any (them) and purpose <> 'internal' and state in ('planned', 'claimed');
end $$;
comment on function take_opt_out is 'opts out the person, every number and address of the same human, and the value they wrote from; touches not yet on their way are cancelled';

-- migrate:down
drop function take_opt_out;
