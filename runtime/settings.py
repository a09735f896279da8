"""Settings from the environment (prefix BATON_). Secrets have no defaults: a part that lacks one refuses to start and
names it."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import BadInput

REAL_VENDORS = ("https://api.twilio.com", "https://slack.com/api/", "https://api.hubapi.com")


class Settings(BaseSettings):
    """One settings object for API, worker and commands."""

    model_config = SettingsConfigDict(env_prefix="BATON_", frozen=True, extra="ignore")

    tenant: str = Field(default="main", pattern=r"^[a-z0-9-]{1,40}$")
    database_url: SecretStr
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"
    temporal_api_key: SecretStr | None = None
    embedded: bool = False
    policy: Path = Path("policies/default.yaml")

    api_host: str = "127.0.0.1"
    api_port: int = 8080
    public_url: str = Field(description="What vendors call, and so what they sign, e.g. https://baton.example.com")
    api_key: SecretStr
    webhook_secret: SecretStr

    twilio_account_sid: str
    twilio_auth_token: SecretStr
    twilio_base_url: str = REAL_VENDORS[0]
    twilio_from: str = Field(pattern=r"^\+[1-9]\d{6,14}$")
    slack_token: SecretStr
    slack_signing_secret: SecretStr
    slack_base_url: str = REAL_VENDORS[1]
    hubspot_token: SecretStr
    hubspot_client_secret: SecretStr
    hubspot_base_url: str = REAL_VENDORS[2]

    @property
    def uses_real_vendors(self) -> bool:
        """Whether any vendor is the real one."""
        return any(url in REAL_VENDORS for url in (self.twilio_base_url, self.slack_base_url, self.hubspot_base_url))


def read_settings() -> Settings:
    """Settings from the environment. Raises BadInput naming every variable that is missing or wrong."""
    try:
        return Settings()
    except ValidationError as error:
        problems = tuple(
            (f"BATON_{str(row['loc'][0]).upper()}", "is not set" if row["type"] == "missing" else row["msg"])
            for row in error.errors(include_input=False)
        )
        lines = "\n".join(f"  {name} {what}" for name, what in problems)
        raise BadInput(f"Settings are incomplete; set these environment variables:\n{lines}", problems) from None
