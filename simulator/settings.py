"""What the simulator is told by its environment: where to listen, whom to call back and which secrets to sign with."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SimSettings(BaseSettings):
    """Read from BATON_*; the secrets are those Baton itself is given, since both sides of a signature share them."""

    model_config = SettingsConfigDict(env_prefix="BATON_", env_ignore_empty=True, extra="ignore", frozen=True)

    sim_host: str = "127.0.0.1"
    sim_port: int
    sim_log: Path | None = None
    sim_offset: float = 0.0
    sim_latency_ms: float = 0.0
    sim_words_per_second: float = 25.0  # ten times as fast as people speak: calls live in real time
    sim_call_pace: float = Field(default=1.0, ge=1.0)
    """So many seconds pass in what the vendor reports (moments in a conference, durations, prices, the log's seconds of
    talk) for one real second in which people talk: at 60, a talk of four minutes takes four seconds. Rings and presses
    stay real."""
    sim_calls_per_second: float = (
        0.0  # asked for by REST; Twilio dials one each second unless more is agreed. 0: no limit
    )
    sim_no_calls_to: str = "CU,IR,KP,SY"  # countries that the account may not call (Twilio's geo permissions)
    public_url: str
    twilio_account_sid: str
    twilio_auth_token: str
    twilio_from: str
    sim_numbers: str = ""
    """More numbers of the account that text, with commas between them."""
    slack_token: str
    slack_signing_secret: str
    hubspot_token: str
    hubspot_client_secret: str
    enrichment_key: str = "enrichment-simulated"

    @property
    def own_url(self) -> str:
        """Where vendors' own links (Slack's response_url) point."""
        return f"http://{self.sim_host}:{self.sim_port}"

    @property
    def own_numbers(self) -> tuple[str, ...]:
        """The numbers of the account that text."""
        return (self.twilio_from, *filter(None, self.sim_numbers.split(",")))

    def hook(self, path: str) -> str:
        """Baton's address for one vendor's webhook, exactly as it is signed."""
        return f"{self.public_url.rstrip('/')}{path}"
