"""Facts of a lead, from the one document the database gathers, or from what is about to be written. Pure; for the
stores that capture, judge and touch."""

from datetime import datetime
from functools import reduce

from pydantic import Field

from domain.abandonment import Abandonment
from domain.companies import ColleagueSignal, CompanyFacts
from domain.facts import ConsentFacts, Facts, History, PersonFacts, RepLoad, SignalFact
from domain.messages import Attribution
from domain.values import Stored


class Told(Stored):
    """What one inquiry said besides who asks."""

    attribution: Attribution = Attribution()
    answers: dict[str, str] = Field(default_factory=dict)


class Story(Stored):
    """Answer of the database's facts_of, or what it will be. `inquiries` and `signals` are oldest first."""

    lead_id: str
    source: str
    received_at: datetime
    cycle: int = 1
    test: bool
    person_id: str
    person: PersonFacts
    name: str | None = None
    kill_switch: bool = False
    sandbox: bool = False
    consent: ConsentFacts | None = None
    signals: tuple[SignalFact, ...] = ()
    reps: tuple[RepLoad, ...] = ()
    company: CompanyFacts | None = None
    colleagues: tuple[ColleagueSignal, ...] = ()
    enriches: bool = False
    on_call: tuple[str, ...] = ()
    abandonment: Abandonment = Abandonment()
    history: History
    inquiries: tuple[Told, ...] = ()
    crm_id: str | None = None
    last_words: str | None = None
    last_reply_at: datetime | None = None

    @property
    def referrer(self) -> str | None:
        """Who sent them: the newest name given."""
        names = [(told.attribution.referrer_name or "").strip() for told in self.inquiries]
        return next((name for name in reversed(names) if name), None)

    def facts(self, tenant: str) -> Facts:
        """What a judgement may know: of page, campaign and answers the newest said."""
        pages = [told.attribution.page for told in self.inquiries if told.attribution.page]
        campaigns = [told.attribution.campaign for told in self.inquiries if told.attribution.campaign]
        return Facts(
            tenant=tenant,
            lead_id=self.lead_id,
            source=self.source,
            received_at=self.received_at,
            cycle=self.cycle,
            test=self.test,
            kill_switch=self.kill_switch,
            sandbox=self.sandbox,
            person=self.person,
            consent=self.consent or ConsentFacts(),
            page=pages[-1] if pages else None,
            campaign=campaigns[-1] if campaigns else None,
            referred=self.referrer is not None,
            answers=reduce(lambda known, told: {**known, **told.answers}, self.inquiries, dict[str, str]()),
            signals=self.signals,
            history=self.history,
            reps=self.reps,
            company=self.company,
            colleagues=self.colleagues,
            enriches=self.enriches,
            on_call=self.on_call,
            abandonment=self.abandonment,
        )
