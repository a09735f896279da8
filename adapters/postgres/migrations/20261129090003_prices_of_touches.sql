-- Runs before new code: it only adds.
-- What touches really cost, by the vendor's own list, and the reconciliations that read it.

-- migrate:up
alter table touch add price numeric, add price_unit text, add segments integer, add talk interval;
comment on column touch.price is 'what the vendor charged, in price_unit; null until it says so; segments of a text and talk of a call likewise';

create table reconciliation (
    run         text primary key,
    tenant      text not null,
    report      jsonb not null,
    recorded_at timestamptz not null default now()
);
comment on table reconciliation is 'what each comparison of the ledger with the vendors'' lists came to';

-- migrate:down
drop table reconciliation;
alter table touch drop price, drop price_unit, drop segments, drop talk;
