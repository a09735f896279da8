-- Runs before new code: it only adds.
-- What a lead's touches cost, as far as anybody knows.

-- migrate:up
create function spent_on(p_tenant text, p_lead text) returns jsonb
language sql stable as $$
    select jsonb_agg(jsonb_build_object('channel', channel, 'body', body, 'segments', segments, 'price', price::text,
                                        'unit', price_unit, 'talk', extract(epoch from talk)) order by created_at)
    from touch
    where tenant = p_tenant and lead_id = p_lead and channel in ('sms', 'call')
      and (state in ('sent', 'delivered') or state = 'failed' and vendor_id is not null)
$$;
comment on function spent_on is 'a lead''s texts and calls that a vendor took, with its prices where they are known (SpentTouch)';

-- migrate:down
drop function spent_on;
