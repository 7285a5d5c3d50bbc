"""What the pages behind a letter's link say."""

from dataclasses import dataclass

PURPOSES = {
    "confirm": "prove_email",
    "password": "reset_password",
    "invitation": "invite_staff",
}
"""The last step of each page's path, and what its link is for."""


@dataclass(frozen=True)
class Words:
    """``text`` names the address with ``{email}``; ``label`` stands at the password's field."""

    title: str
    text: str
    label: str
    button: str
    done: str


@dataclass(frozen=True)
class Common:
    """What all of them say."""

    name: str
    refused: str


WORDS: dict[str, dict[str, Words]] = {
    "en": {
        "confirm": Words(
            title="Confirm your e-mail address",
            text="You asked for an account with {email}. Confirm it with the password you chose.",
            label="Password",
            button="Confirm",
            done="Your address is confirmed. You can sign in now.",
        ),
        "password": Words(
            title="A new password",
            text="Choose a new password for {email}, of at least 10 characters.",
            label="New password",
            button="Save",
            done="Your new password is saved. You can sign in with it now.",
        ),
        "invitation": Words(
            title="You are invited",
            text="{email} is invited to work with a business’s appointments. Who has no account "
            "yet chooses a name and a password of at least 10 characters.",
            label="Password",
            button="Accept",
            done="You have accepted. You can sign in with your e-mail address now.",
        ),
    },
    "fr": {
        "confirm": Words(
            title="Confirmez votre adresse e-mail",
            text="Vous avez demandé un compte avec {email}. Confirmez-le avec le mot de passe que "
            "vous avez choisi.",
            label="Mot de passe",
            button="Confirmer",
            done="Votre adresse est confirmée. Vous pouvez vous connecter.",
        ),
        "password": Words(
            title="Un nouveau mot de passe",
            text="Choisissez un nouveau mot de passe pour {email}, d’au moins 10 caractères.",
            label="Nouveau mot de passe",
            button="Enregistrer",
            done="Votre nouveau mot de passe est enregistré. Vous pouvez vous connecter.",
        ),
        "invitation": Words(
            title="Vous êtes invité",
            text="{email} est invité à travailler avec les rendez-vous d’une entreprise. Qui n’a "
            "pas encore de compte choisit un nom et un mot de passe d’au moins 10 caractères.",
            label="Mot de passe",
            button="Accepter",
            done="C’est fait. Vous pouvez vous connecter avec votre adresse e-mail.",
        ),
    },
}
COMMON = {
    "en": Common(name="Name", refused="This did not work"),
    "fr": Common(name="Nom", refused="Cela n’a pas fonctionné"),
}
