"""The chain of the demo data: its places, people, prices and clients. All invented."""

from dataclasses import dataclass, field
from typing import Any

Offered = tuple[str, int, int]
"""A service: its title, minutes, and price in whole units of the place's currency."""


@dataclass(frozen=True)
class Person:
    name: str
    position: str
    about: str
    categories: tuple[str, ...]
    weekdays: tuple[int, ...]
    hours: tuple[int, int]
    lunch: tuple[int, int]
    pace: float = 1.0


@dataclass(frozen=True)
class Workshop:
    """A class every week, after hours: of that service, by that person."""

    service: str
    person: str
    weekday: int
    hour: int
    seats: int
    about: str


@dataclass(frozen=True)
class Place:
    city: str
    country_code: str
    details: dict[str, Any]
    catalogue: dict[str, list[Offered]]
    staff: list[Person]
    asks_for_code: bool = False
    workshop: Workshop | None = None


@dataclass(frozen=True)
class Chain:
    title: str
    places: list[Place] = field(default_factory=list)


TUE_TO_SAT = (1, 2, 3, 4, 5)
MON_TO_FRI = (0, 1, 2, 3, 4)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)

PARIS = Place(
    city="Paris",
    country_code="FR",
    details={
        "title": "Maison Lumière Marais",
        "short_description": "Coiffure et ongles au cœur du Marais",
        "description": "Un salon lumineux, sans rendez-vous perdu ni attente.",
        "phones": ["+33142720001"],
        "email": "marais@maison-lumiere.example",
        "site": "https://maison-lumiere.example",
        "postal_code": "75004",
        "address": "12 rue des Rosiers, 75004 Paris",
        "opening_hours_text": "mardi–samedi 9 h–19 h",
        "latitude": 48.8571,
        "longitude": 2.3590,
        "timezone": "Europe/Paris",
        "currency": "EUR",
        "language": "fr",
        "grid_step_seconds": 900,
        "weight": 2,
    },
    catalogue={
        "Coiffure": [
            ("Coupe femme", 60, 55),
            ("Coupe homme", 30, 32),
            ("Coupe enfant", 30, 25),
            ("Brushing", 45, 38),
            ("Coiffure de mariée", 120, 140),
        ],
        "Couleur": [
            ("Couleur racines", 75, 62),
            ("Balayage", 150, 120),
            ("Mèches", 120, 98),
            ("Patine", 30, 28),
        ],
        "Ongles": [
            ("Manucure", 45, 35),
            ("Vernis semi-permanent", 60, 45),
            ("Pédicure", 60, 48),
        ],
    },
    staff=[
        Person(
            "Camille Laurent",
            "Coiffeuse senior",
            "Quinze ans de ciseaux.",
            ("Coiffure", "Couleur"),
            TUE_TO_SAT,
            (9, 18),
            (12, 13),
        ),
        Person(
            "Hugo Martin",
            "Coiffeur",
            "Coupes nettes, conversation facultative.",
            ("Coiffure",),
            TUE_TO_SAT,
            (10, 19),
            (13, 14),
        ),
        Person(
            "Inès Moreau",
            "Coloriste",
            "Le balayage est une science.",
            ("Coiffure", "Couleur"),
            (2, 3, 4, 5),
            (9, 19),
            (13, 14),
            1.2,
        ),
        Person(
            "Léa Petit",
            "Prothésiste ongulaire",
            "Des mains sûres pour les vôtres.",
            ("Ongles",),
            TUE_TO_SAT,
            (9, 18),
            (12, 13),
        ),
    ],
    workshop=Workshop(
        "Brushing", "Camille Laurent", 2, 19, 6, "Atelier : votre brushing, par vous-même."
    ),
)

NEW_YORK = Place(
    city="New York",
    country_code="US",
    details={
        "title": "Maison Lumière SoHo",
        "short_description": "Hair and skin in SoHo",
        "description": "The Paris salon's sister, open every day.",
        "phones": ["+12125550143"],
        "email": "soho@maison-lumiere.example",
        "site": "https://maison-lumiere.example/soho",
        "postal_code": "10012",
        "address": "98 Prince Street, New York, NY 10012",
        "opening_hours_text": "every day 10 am–8 pm",
        "latitude": 40.7246,
        "longitude": -73.9986,
        "timezone": "America/New_York",
        "currency": "USD",
        "language": "en",
        "grid_step_seconds": 1800,
        "weight": 1,
    },
    catalogue={
        "Hair": [
            ("Women's haircut", 60, 110),
            ("Men's haircut", 30, 65),
            ("Blowout", 45, 70),
            ("Root touch-up", 90, 130),
        ],
        "Skin": [
            ("Signature facial", 60, 150),
            ("Express facial", 30, 85),
            ("Brow shaping", 30, 45),
            ("Peel", 45, 160),
        ],
    },
    staff=[
        Person(
            "Olivia Brooks",
            "Stylist",
            "Cuts that grow out well.",
            ("Hair",),
            EVERY_DAY[:5],
            (10, 19),
            (13, 14),
        ),
        Person(
            "Noah Kim",
            "Barber",
            "In and out in half an hour.",
            ("Hair",),
            (2, 3, 4, 5, 6),
            (11, 20),
            (15, 16),
        ),
        Person(
            "Ava Rossi",
            "Aesthetician",
            "Calm hands, honest advice.",
            ("Skin",),
            MON_TO_FRI,
            (10, 18),
            (13, 14),
        ),
        Person(
            "Mia Johnson",
            "Aesthetician",
            "Brows first, then everything else.",
            ("Skin", "Hair"),
            (3, 4, 5, 6),
            (10, 20),
            (14, 15),
            0.9,
        ),
    ],
    asks_for_code=True,
)

CHAIN = Chain("Maison Lumière", [PARIS, NEW_YORK])

CLIENTS = {
    "Europe/Paris": [
        ("Jeanne Roux", "+33612345601"),
        ("Marc Girard", "+33612345602"),
        ("Sofia Lambert", "+33612345603"),
        ("Paul Blanc", "+33612345604"),
    ],
    "America/New_York": [
        ("Emma Clark", "+12125550161"),
        ("Liam Scott", "+12125550162"),
        ("Zoe Adams", "+12125550163"),
        ("Jack Reed", "+12125550164"),
    ],
}
