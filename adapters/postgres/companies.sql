-- name: find: a company as it is known, for a judgement of now
select company_of($1, $2, $3)

-- name: domain_of: the domain of a lead's person's company
select p.facts ->> 'company_domain' from lead l join person p using (person_id) where l.tenant = $1 and l.lead_id = $2

-- name: answered: what the provider said of a domain, in place of what it said before
insert into company_answer (tenant, domain, found) values ($1, $2, $3)
on conflict (tenant, domain) do update set found = excluded.found, recorded_at = now()

-- name: compare: of the rows of an import, how many are new, changed and as they were
with given as (
    select * from jsonb_to_recordset($2::jsonb) as r(domain text, name text, employees bigint, industry text, revenue bigint,
                                                     country text, segment text, target boolean, owner text)
)
select jsonb_build_object(
    'added', count(*) filter (where c.domain is null),
    'unchanged', count(*) filter (where (c.name, c.employees, c.industry, c.revenue, c.country, c.segment, c.is_target, c.owner)
        is not distinct from (g.name, g.employees, g.industry, g.revenue, g.country, g.segment, g.target, g.owner)
        and c.domain is not null),
    'changed', count(*) filter (where c.domain is not null
        and (c.name, c.employees, c.industry, c.revenue, c.country, c.segment, c.is_target, c.owner)
        is distinct from (g.name, g.employees, g.industry, g.revenue, g.country, g.segment, g.target, g.owner)))
from given g left join company c on c.tenant = $1 and c.domain = g.domain

-- name: replace: the rows of an import, each in place of what the table had of its domain
insert into company (tenant, domain, name, employees, industry, revenue, country, segment, is_target, owner)
select $1, r.domain, r.name, r.employees, r.industry, r.revenue, r.country, r.segment, r.target, r.owner
from jsonb_to_recordset($2::jsonb) as r(domain text, name text, employees bigint, industry text, revenue bigint, country text,
                                        segment text, target boolean, owner text)
on conflict (tenant, domain) do update set
    name = excluded.name, employees = excluded.employees, industry = excluded.industry, revenue = excluded.revenue,
    country = excluded.country, segment = excluded.segment, is_target = excluded.is_target, owner = excluded.owner,
    recorded_at = now()
