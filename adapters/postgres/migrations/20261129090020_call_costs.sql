-- Runs before new code: spent_on answers less, and code from before it reads that.
-- A rep's phone costs what the vendor says it does; before that it is in the estimate of the person's.

-- migrate:up
create or replace function spent_on(p_tenant text, p_lead text) returns jsonb
language sql stable as $$
    select jsonb_agg(jsonb_build_object('channel', channel, 'body', body, 'segments', segments, 'price', price::text,
                                        'unit', price_unit, 'talk', extract(epoch from talk)) order by created_at)
    from touch
    where tenant = p_tenant and lead_id = p_lead and channel in ('sms', 'call')
      and (state in ('sent', 'delivered') or state = 'failed' and vendor_id is not null)
      and (channel = 'sms' or purpose <> 'internal' or price is not null)
$$;

-- migrate:down
create or replace function spent_on(p_tenant text, p_lead text) returns jsonb
language sql stable as $$
    select jsonb_agg(jsonb_build_object('channel', channel, 'body', body, 'segments', segments, 'price', price::text,
                                        'unit', price_unit, 'talk', extract(epoch from talk)) order by created_at)
    from touch
    where tenant = p_tenant and lead_id = p_lead and channel in ('sms', 'call')
      and (state in ('sent', 'delivered') or state = 'failed' and vendor_id is not null)
$$;
