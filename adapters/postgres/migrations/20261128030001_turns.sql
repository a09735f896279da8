-- Runs before new code: it only adds, and facts_of and history_of answer more.
-- The rotation's memory by lines, who is away or off, and what a decision changes besides its lead (decision 0016).

-- migrate:up
alter table assignment add line text, add why text, add step bigint, add credited_at timestamptz, add credited_for text;
comment on column assignment.line is 'the group whose turn it was; null where the lead was nobody''s turn';
create index assignment_at on assignment (tenant, at) include (rep);
create index assignment_lead on assignment (lead_id, number);

create table turn (
    tenant   text not null,
    line     text not null,
    rep      text not null,
    last     bigint not null default 0,
    offers   bigint not null default 0,
    owed     integer not null default 0 check (owed >= 0),
    position bigint not null default 0,
    primary key (tenant, line, rep)
);
comment on table turn is 'how far each rep is in each line; last is the number of the newest assignment that was their turn';

create table presence (
    tenant text not null,
    rep    text not null,
    away   boolean not null default false,
    because text,
    until  timestamptz,
    since  timestamptz,
    missed integer not null default 0,
    primary key (tenant, rep)
);
comment on column presence.missed is 'offers in a row that ran out while nothing was heard of the rep';

create table presence_change (
    number      bigint generated always as identity primary key,
    tenant      text not null,
    rep         text not null,
    away        boolean not null,
    because     text,
    until       timestamptz,
    by          text not null,
    decision_id text,
    at          timestamptz not null,
    recorded_at timestamptz not null default now()
);
comment on table presence_change is 'who went away and came back, by whose word, for good';

create table time_off (
    number      bigint generated always as identity primary key,
    tenant      text not null,
    rep         text not null,
    starts      timestamptz not null,
    ends        timestamptz not null check (ends > starts),
    because     text,
    by          text not null,
    recorded_at timestamptz not null default now()
);
create index time_off_rep on time_off (tenant, ends);

alter table person add last_owner_at timestamptz;
comment on column person.last_owner_at is 'when last_owner took them up or reached them, in that lead''s clock';

create function loads_of(p_tenant text, p_now timestamptz) returns jsonb
language sql stable as $$
    with recursive offered as (
        (select rep, number from assignment where tenant = p_tenant order by rep desc, number desc limit 1)
        union all
        select n.rep, n.number from offered o, lateral (
            select rep, number from assignment where tenant = p_tenant and rep < o.rep
            order by rep desc, number desc limit 1) n
    ), owned as (
        select owner as rep, count(*) as leads from lead
        where tenant = p_tenant and closed_at is null and owner is not null and stage <> 'resting' group by owner
    ), turned as (
        select rep, jsonb_agg(jsonb_build_object('line', line, 'last', last, 'offers', offers, 'owed', owed, 'position', position)
                              order by line) as turns
        from turn where tenant = p_tenant group by rep
    ), counted as (
        select rep, half, count(*) as offers from (
            select rep, (floor(extract(epoch from p_now) / 1800) - floor(extract(epoch from at) / 1800))::integer as half
            from assignment where tenant = p_tenant and at > p_now - interval '25 hours' and at <= p_now) a
        group by rep, half
    ), recent as (
        select m.rep, (select jsonb_agg(coalesce(c.offers, 0) order by n)
                       from generate_series(0, m.oldest) n left join counted c on c.rep = m.rep and c.half = n) as lately
        from (select rep, max(half) as oldest from counted group by rep) m
    ), off as (
        select rep, jsonb_agg(jsonb_build_object('start', starts, 'end', ends) order by starts, ends) as spans
        from time_off where tenant = p_tenant and ends > p_now and starts < p_now + interval '400 days' group by rep
    ), here as (
        select * from presence where tenant = p_tenant
    ), known as (
        select rep from offered union select rep from owned union select rep from turned union select rep from off
        union select rep from here
    )
    select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
        'rep', rep, 'last_offered', coalesce(number, 0), 'open_leads', coalesce(leads, 0), 'away', coalesce(away, false),
        'away_because', because, 'away_until', until, 'missed', coalesce(missed, 0), 'time_off', coalesce(spans, '[]'),
        'lately', coalesce(lately, '[]'), 'turns', coalesce(turns, '[]'))) order by rep), '[]')
    from known left join offered using (rep) left join owned using (rep) left join turned using (rep)
        left join recent using (rep) left join off using (rep) left join here using (rep)
$$;
comment on function loads_of(text, timestamptz) is 'what the rotation reads of each rep (RepLoad): newest offer, open leads (a resting lead is none), turns by line, offers by the half-hour, who is away or off';

create or replace function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'lead_id', l.lead_id, 'source', l.source, 'received_at', coalesce((select i.at from inbox i where i.row_id = l.row_id), l.opened_at), 'cycle', l.cycle, 'test', l.test,
        'person_id', l.person_id, 'person', p.facts, 'name', p.name,
        'kill_switch', coalesce((select value = 'true' from setting where key = 'kill_switch'), false),
        'consent', consent_of(l.person_id),
        'signals', signals_of(l.person_id, p_now),
        'reps', loads_of(p_tenant, p_now),
        'history', history_of(p_tenant, l.person_id, l.lead_id,
                              array[p.facts ->> 'phone', p.facts ->> 'email'], p_now, p_without),
        'inquiries', coalesce((
            select jsonb_agg(jsonb_build_object('attribution', coalesce(i.payload -> 'attribution', '{}'),
                                                'answers', coalesce(i.payload -> 'answers', '{}')) order by i.received_at)
            from inbox i where i.lead_id = l.lead_id and i.channel like 'inquiry/%'), '[]'),
        'crm_id', coalesce(p.crm_id, (
            select split_part(t.vendor_id, '/', 1) from touch t
            where t.person_id = l.person_id and t.channel = 'crm' and t.vendor_id like '%/%' limit 1)),
        'last_words', p.last_words,
        'last_reply_at', case when p.last_reply_lead = l.lead_id then p.last_reply_at end)
    from lead l join person p using (person_id)
    where l.lead_id = p_lead and l.tenant = p_tenant
$$;

create function owned_of(p_tenant text, p_person text, p_now timestamptz) returns jsonb
language sql stable return jsonb_build_object('last_owner_at', (
    select case when last_owner_at is not null then least(last_owner_at, p_now) end
    from person where person_id = p_person and tenant = p_tenant));
comment on function owned_of is 'when the person was last a rep''s (a part of History)';

create or replace function history_of(
    p_tenant text, p_person text, p_lead text, p_values text[], p_now timestamptz, p_without text
) returns jsonb
language sql stable return
    past_of(p_tenant, p_person, p_lead, p_values, p_now, p_without) || standing_of(p_tenant, p_person, p_values, p_now)
    || owned_of(p_tenant, p_person, p_now);
comment on function history_of is 'the person''s history across leads (History): past_of, standing_of and owned_of';

create function count_turn(p_decision decision) returns void
language plpgsql as $$
declare
    a jsonb := p_decision.trace -> 'assignment';
    n bigint;
begin
    insert into assignment (tenant, lead_id, decision_id, rep, at, line, why, step)
    values (p_decision.tenant, p_decision.lead_id, p_decision.decision_id, a ->> 'owner', p_decision.at, a ->> 'line', a ->> 'why',
            (a ->> 'step')::bigint)
    returning number into n;
    if a ->> 'line' is not null then
        -- A step of nothing makes up for a turn that was given back; the line's order goes on from where it was.
        insert into turn as t (tenant, line, rep, last, offers, position)
        values (p_decision.tenant, a ->> 'line', a ->> 'owner', n, 1, (a ->> 'base')::bigint + (a ->> 'step')::bigint)
        on conflict (tenant, line, rep) do update set
            last = case when (a ->> 'step')::bigint = 0 then t.last else n end,
            offers = t.offers + 1,
            owed = greatest(t.owed - case when (a ->> 'step')::bigint = 0 then 1 else 0 end, 0),
            position = greatest(t.position, (a ->> 'base')::bigint) + (a ->> 'step')::bigint;
    end if;
end $$;
comment on function count_turn is 'an offer: numbered for good, and its rep moved on in their line';

create function undo_turn(p_decision decision) returns void
language plpgsql as $$
declare
    o assignment;
begin
    for o in
        delete from assignment
        where lead_id = p_decision.lead_id and decision_id <> p_decision.decision_id
          and starts_with(decision_id, regexp_replace(p_decision.decision_id, '[0-9]+$', ''))
        returning *
    loop
        update turn t set
            offers = t.offers - 1,
            owed = t.owed + case when o.step = 0 then 1 else 0 end,
            position = t.position - o.step,
            last = case when t.last = o.number then coalesce((
                select max(number) from assignment
                where tenant = o.tenant and line = o.line and rep = o.rep and step > 0), 0) else t.last end
        where t.tenant = o.tenant and t.line = o.line and t.rep = o.rep;
    end loop;
end $$;
comment on function undo_turn is 'who was chosen at capture, and not yet asked when the lead was judged again, keeps their turn';

create function give_turn_back(p_decision decision) returns void
language plpgsql as $$
declare
    c jsonb := p_decision.trace -> 'credit';
    took text;
begin
    update assignment set credited_at = p_decision.at, credited_for = c ->> 'code'
    where credited_at is null and number = (
        select number from assignment where lead_id = p_decision.lead_id and rep = c ->> 'rep' order by number desc limit 1)
    returning line into took;
    update turn set owed = owed + 1 where tenant = p_decision.tenant and line = took and rep = c ->> 'rep';
end $$;
comment on function give_turn_back is 'once for each offer: the newest of this lead to the rep; one that was nobody''s turn owes none';

create function heed_decision() returns trigger
language plpgsql as $$
declare
    gone jsonb;
begin
    if new.kind = 'triage' then
        perform undo_turn(new);
    end if;
    if new.trace -> 'assignment' ->> 'owner' is not null then
        perform count_turn(new);
    end if;
    if new.trace -> 'credit' ->> 'rep' is not null then
        perform give_turn_back(new);
    end if;
    for gone in select jsonb_array_elements(coalesce(new.trace -> 'went_away', '[]')) loop
        insert into presence as p (tenant, rep, away, because, since)
        values (new.tenant, gone ->> 'rep', true, gone ->> 'because', new.at)
        on conflict (tenant, rep) do update set away = true, because = excluded.because, until = null, since = excluded.since
        where not p.away;
        if found then
            insert into presence_change (tenant, rep, away, because, by, decision_id, at)
            values (new.tenant, gone ->> 'rep', true, gone ->> 'because', 'policy', new.decision_id, new.at);
        end if;
    end loop;
    return null;
end $$;
comment on function heed_decision is 'what a decision changes besides its lead, in the same transaction, whoever writes it';
create trigger decision_heeded after insert on decision for each row execute function heed_decision();

-- migrate:down
drop trigger decision_heeded on decision;
drop function heed_decision, give_turn_back, undo_turn, count_turn;
create or replace function history_of(
    p_tenant text, p_person text, p_lead text, p_values text[], p_now timestamptz, p_without text
) returns jsonb
language sql stable return
    past_of(p_tenant, p_person, p_lead, p_values, p_now, p_without) || standing_of(p_tenant, p_person, p_values, p_now);
drop function owned_of;
create or replace function facts_of(p_tenant text, p_lead text, p_now timestamptz, p_without text) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'lead_id', l.lead_id, 'source', l.source, 'received_at', coalesce((select i.at from inbox i where i.row_id = l.row_id), l.opened_at), 'cycle', l.cycle, 'test', l.test,
        'person_id', l.person_id, 'person', p.facts, 'name', p.name,
        'kill_switch', coalesce((select value = 'true' from setting where key = 'kill_switch'), false),
        'consent', consent_of(l.person_id),
        'signals', signals_of(l.person_id, p_now),
        'reps', loads_of(p_tenant),
        'history', history_of(p_tenant, l.person_id, l.lead_id,
                              array[p.facts ->> 'phone', p.facts ->> 'email'], p_now, p_without),
        'inquiries', coalesce((
            select jsonb_agg(jsonb_build_object('attribution', coalesce(i.payload -> 'attribution', '{}'),
                                                'answers', coalesce(i.payload -> 'answers', '{}')) order by i.received_at)
            from inbox i where i.lead_id = l.lead_id and i.channel like 'inquiry/%'), '[]'),
        'crm_id', coalesce(p.crm_id, (
            select split_part(t.vendor_id, '/', 1) from touch t
            where t.person_id = l.person_id and t.channel = 'crm' and t.vendor_id like '%/%' limit 1)),
        'last_words', p.last_words,
        'last_reply_at', case when p.last_reply_lead = l.lead_id then p.last_reply_at end)
    from lead l join person p using (person_id)
    where l.lead_id = p_lead and l.tenant = p_tenant
$$;
drop function loads_of(text, timestamptz);
alter table person drop last_owner_at;
drop table time_off, presence_change, presence, turn;
drop index assignment_lead, assignment_at;
alter table assignment drop line, drop why, drop step, drop credited_at, drop credited_for;
