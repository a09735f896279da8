-- Runs before new code: it only adds.
-- The four speeds of a lead, each a moment of its own in the lead's clock. What was written down before is told again.

-- migrate:up
alter table lead
    add column first_automation_at timestamptz,
    add column first_human_attempt_at timestamptz,
    add column first_two_way_contact_at timestamptz,
    add column first_meeting_at timestamptz;
comment on column lead.first_automation_at is 'the system''s first text';
comment on column lead.first_human_attempt_at is 'a rep took the lead, or said how it went';
comment on column lead.first_two_way_contact_at is 'as the policy''s contact_counts has it; of leads before there was one, the first contact';
comment on column lead.first_meeting_at is 'a meeting was set';
update lead l set
    first_automation_at = l.first_touch_at,
    first_human_attempt_at = s.attempted,
    first_two_way_contact_at = l.contacted_at,
    first_meeting_at = s.met
from (select lead_id,
             min(at) filter (where kind = 'accepted'
                             or kind = 'disposed' and data ->> 'by' <> 'reply' and data ->> 'by' not like '%:%') as attempted,
             min(at) filter (where kind = 'disposed' and data ->> 'code' = 'meeting_set') as met
      from lead_event group by lead_id) s
where s.lead_id = l.lead_id;

-- migrate:down
alter table lead drop column first_automation_at, drop column first_human_attempt_at, drop column first_two_way_contact_at,
    drop column first_meeting_at;
