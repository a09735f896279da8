"""Settings from the environment (prefix BATON_). Secrets have no defaults: a part that lacks one refuses to start and
names it."""

import base64
import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import BadInput

REAL_VENDORS = ("https://api.twilio.com", "https://slack.com/api/", "https://api.hubapi.com")

_PLAIN = re.compile(r"[\x21-\x7e]{16,}")
_WEBHOOK_BYTES = 24  # the least that Standard Webhooks allows


def _strong(secret: SecretStr) -> SecretStr:
    """An empty key would let everybody in; a blank or a line end is a slip of whoever pasted it."""
    if not _PLAIN.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 16 or more visible ASCII characters, without blanks")
    return secret


def _for_webhooks(secret: SecretStr) -> SecretStr:
    encoded = secret.get_secret_value().removeprefix("whsec_")
    try:
        strong = len(base64.b64decode(encoded, validate=True)) >= _WEBHOOK_BYTES
    except ValueError:
        strong = False
    if not strong:
        raise ValueError(f"must be whsec_ and {_WEBHOOK_BYTES} or more random bytes in base64")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_strong)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_for_webhooks)]


class Settings(BaseSettings):
    """One settings object for API, worker and commands."""

    model_config = SettingsConfigDict(env_prefix="BATON_", frozen=True, extra="ignore")

    tenant: str = Field(default="main", pattern=r"^[a-z0-9-]{1,40}$")
    database_url: SecretStr = Field(min_length=1)
    temporal_address: str = "127.0.0.1:7233"
    temporal_namespace: str = "default"
    temporal_api_key: Secret | None = None
    embedded: bool = False
    failpoints: Path | None = Field(default=None, description="Where an embedded stack's worker is told to die.")
    policy: Path = Path("policies/default.yaml")

    api_host: str = "127.0.0.1"
    api_port: int = 8080
    public_url: str = Field(description="What vendors call, and so what they sign, e.g. https://baton.example.com")
    api_key: Secret
    webhook_secret: WebhookSecret

    twilio_account_sid: str
    twilio_auth_token: Secret
    twilio_base_url: str = REAL_VENDORS[0]
    twilio_from: str = Field(pattern=r"^\+[1-9]\d{6,14}$")
    slack_token: Secret
    slack_signing_secret: Secret
    slack_base_url: str = REAL_VENDORS[1]
    hubspot_token: Secret
    hubspot_client_secret: Secret
    hubspot_base_url: str = REAL_VENDORS[2]

    enrichment_url: Annotated[str, Field(pattern=r"^https?://[^\s/]+\S*$")] | None = None
    enrichment_key: Secret | None = Field(default=None, validate_default=True)

    @field_validator("enrichment_url", "enrichment_key", mode="before")
    @classmethod
    def _unset(cls, given: object) -> object:
        """What may be left out may be left empty too: a file of settings that names it passes an empty value."""
        return None if given == "" else given

    @field_validator("enrichment_key")
    @classmethod
    def _goes_with_its_url(cls, key: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if key is None and info.data.get("enrichment_url"):
            raise ValueError("is not set, and BATON_ENRICHMENT_URL needs it")
        return key

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
            (f"BATON_{str(row['loc'][0]).upper()}", _wrong(row)) for row in error.errors(include_input=False)
        )
        lines = "\n".join(f"  {name} {what}" for name, what in problems)
        raise BadInput(f"Settings are incomplete; set these environment variables:\n{lines}", problems) from None


def _wrong(row: ErrorDetails) -> str:
    plain = {"missing": "is not set", "too_short": "is empty"}
    return plain.get(row["type"]) or row["msg"].removeprefix("Value error, ")
