-- Runs before new code: it only adds.
-- Companies: what was imported, what a provider answered, and what others of a person's company did.

-- migrate:up
create table company (
    tenant      text not null,
    domain      text not null,
    name        text,
    employees   bigint,
    industry    text,
    revenue     bigint,
    country     text,
    segment     text,
    is_target   boolean not null default false,
    owner       text,
    recorded_at timestamptz not null default now(),
    primary key (tenant, domain)
);
comment on table company is 'as imported; what it leaves open is the provider''s to tell';

create table company_answer (
    tenant      text not null,
    domain      text not null,
    found       jsonb,
    recorded_at timestamptz not null default now(),
    primary key (tenant, domain)
);
comment on column company_answer.found is 'CompanyFacts as the provider told them; null when it knows no such company';

create function company_of(p_tenant text, p_domain text, p_now timestamptz) returns jsonb
language sql stable as $$
    select coalesce(a.found, '{}') || jsonb_strip_nulls(jsonb_build_object(
               'domain', p_domain, 'name', c.name, 'employees', c.employees, 'industry', c.industry, 'revenue', c.revenue,
               'country', c.country, 'segment', c.segment, 'target', c.is_target, 'owner', c.owner,
               'asked', a.domain is not null))
    from (values (1)) one
    left join company c on c.tenant = p_tenant and c.domain = p_domain
    left join company_answer a on a.tenant = p_tenant and a.domain = p_domain and a.recorded_at > p_now - interval '180 days'
    where c.domain is not null or a.domain is not null
$$;
comment on function company_of is 'a company (CompanyFacts): the import''s word before the provider''s, whose answer holds for 180 days; null when nothing is known';

create index person_company on person (tenant, (facts ->> 'company_domain'), created_at desc)
    where facts ->> 'company_domain' is not null;

create function colleagues_of(p_tenant text, p_domain text, p_person text, p_phone text, p_now timestamptz) returns jsonb
language sql stable as $$
    with known as (
        select person_id, facts ->> 'phone' as phone from person
        where tenant = p_tenant and facts ->> 'company_domain' = p_domain
        order by created_at desc limit 200
    ), colleague as (
        select person_id, min(person_id) over (partition by coalesce(phone, person_id)) as who
        from known where person_id is distinct from p_person and phone is distinct from coalesce(p_phone, '')
    ), did as (
        select c.who, b.kind, b.page, least(b.at, p_now) as at, false as inquiry
        from colleague c, lateral (
            select kind, page, at from behaviour
            where person_id = c.person_id and at > p_now - interval '92 days' order by at desc limit 16) b
        union all
        select c.who, substr(i.channel, 9), i.payload -> 'attribution' ->> 'page', least(i.at, p_now), true
        from colleague c, lateral (
            select channel, payload, at from inbox
            where person_id = c.person_id and channel like 'inquiry/%' and at > p_now - interval '92 days'
              and payload -> 'test' is distinct from 'true' order by at desc limit 16) i
    )
    select coalesce(jsonb_agg(jsonb_build_object('person', who, 'kind', kind, 'page', page, 'at', at, 'inquiry', inquiry)
                              order by at, who, kind), '[]')
    from (select * from did order by at desc, who, kind limit 64) d
$$;
comment on function colleagues_of is 'the newest 64 things that others of a company did in 92 days (ColleagueSignal), of its newest 200 people; people who share a number are one';

-- migrate:down
drop function colleagues_of;
drop index person_company;
drop function company_of;
drop table company_answer, company;
