"""Auth: who is this? Every way in, nothing else."""

from typing import Any, ClassVar

from sqlalchemy.orm import Session

from services.auth import schemas
from services.auth.use_cases import partner_keys
from services.auth.views import show_partner
from services.common.bus import Service, query


class AuthService(Service):
    name: ClassVar[str] = "auth"

    @query(schemas.VerifyPartnerKeySchema)
    def verify_partner_key(self, session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
        return show_partner(partner_keys.verify_partner_key(session, **arguments))
