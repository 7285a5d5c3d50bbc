"""Words for what is known of clients, by the number that the contract gives each."""

GENDERS = ("unknown", "male", "female")
IMPORTANCES = ("none", "bronze", "silver", "gold")
WORDS = {
    "en": {
        "unknown": "Unknown",
        "male": "Male",
        "female": "Female",
        "none": "No importance",
        "bronze": "Bronze",
        "silver": "Silver",
        "gold": "Gold",
    },
    "fr": {
        "unknown": "Inconnu",
        "male": "Homme",
        "female": "Femme",
        "none": "Sans importance",
        "bronze": "Bronze",
        "silver": "Argent",
        "gold": "Or",
    },
    "es": {
        "unknown": "Sin indicar",
        "male": "Hombre",
        "female": "Mujer",
        "none": "Sin categoría",
        "bronze": "Bronce",
        "silver": "Plata",
        "gold": "Oro",
    },
    "de": {
        "unknown": "Unbekannt",
        "male": "Männlich",
        "female": "Weiblich",
        "none": "Ohne Rang",
        "bronze": "Bronze",
        "silver": "Silber",
        "gold": "Gold",
    },
    "ru": {
        "unknown": "Не указан",  # noqa: RUF001
        "male": "Мужской",
        "female": "Женский",
        "none": "Без класса важности",
        "bronze": "Бронза",
        "silver": "Серебро",  # noqa: RUF001
        "gold": "Золото",
    },
}
