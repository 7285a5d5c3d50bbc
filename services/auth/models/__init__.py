"""Auth's tables: who may call us, who can sign in, and how they prove who they are."""

from services.auth.models.base import Base
from services.auth.models.challenges import Challenge, Medium, Throttle, Use
from services.auth.models.consents import Consent, Document, DocumentKind
from services.auth.models.invitations import Invitation
from services.auth.models.partners import PartnerKey, PartnerSecret
from services.auth.models.people import Kind, SignUp, StaffRight, StaffUser, User, UserSession
from services.auth.models.spending import CodeDecision, Destination, Spending

__all__ = [
    "Base",
    "Challenge",
    "CodeDecision",
    "Consent",
    "Destination",
    "Document",
    "DocumentKind",
    "Invitation",
    "Kind",
    "Medium",
    "PartnerKey",
    "PartnerSecret",
    "SignUp",
    "Spending",
    "StaffRight",
    "StaffUser",
    "Throttle",
    "Use",
    "User",
    "UserSession",
]
