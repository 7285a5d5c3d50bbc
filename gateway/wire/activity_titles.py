"""What filters of group events and ways of repeating them are called."""

from services.common.languages import DEFAULT

FILTERS = {
    "en": {
        "staff": "Staff",
        "resource": "Rooms and devices",
        "service": "Services offered",
        "category": "Service categories",
    },
    "fr": {
        "staff": "Équipe",
        "resource": "Salles et équipements",
        "service": "Prestations",
        "category": "Catégories de prestations",
    },
    "es": {
        "staff": "Equipo",
        "resource": "Salas y equipos",
        "service": "Servicios",
        "category": "Categorías de servicios",
    },
    "de": {
        "staff": "Team",
        "resource": "Räume und Geräte",
        "service": "Leistungen",
        "category": "Leistungskategorien",
    },
    "ru": {
        "staff": "Сотрудники",
        "resource": "Помещения и оборудование",
        "service": "Услуги",
        "category": "Категории услуг",
    },
}
REPEATS = {
    "en": {
        "daily": "Every day",
        "working_days": "Monday to Friday",
        "mon_wed_fri": "Monday, Wednesday, Friday",
        "tue_thu": "Tuesday, Thursday",
        "weekly": "Every week",
        "monthly": "Every month",
        "yearly": "Every year",
    },
    "fr": {
        "daily": "Tous les jours",
        "working_days": "Du lundi au vendredi",
        "mon_wed_fri": "Lundi, mercredi, vendredi",
        "tue_thu": "Mardi, jeudi",
        "weekly": "Toutes les semaines",
        "monthly": "Tous les mois",
        "yearly": "Tous les ans",
    },
    "es": {
        "daily": "Todos los días",
        "working_days": "De lunes a viernes",
        "mon_wed_fri": "Lunes, miércoles y viernes",
        "tue_thu": "Martes y jueves",
        "weekly": "Cada semana",
        "monthly": "Cada mes",
        "yearly": "Cada año",
    },
    "de": {
        "daily": "Täglich",
        "working_days": "Montag bis Freitag",
        "mon_wed_fri": "Montag, Mittwoch, Freitag",
        "tue_thu": "Dienstag, Donnerstag",
        "weekly": "Wöchentlich",
        "monthly": "Monatlich",
        "yearly": "Jährlich",
    },
    "ru": {
        "daily": "Каждый день",
        "working_days": "По будням",
        "mon_wed_fri": "Понедельник, среда, пятница",
        "tue_thu": "Вторник, четверг",
        "weekly": "Каждую неделю",
        "monthly": "Каждый месяц",
        "yearly": "Каждый год",
    },
}


def filter_title(facet: str, language: str) -> str:
    return FILTERS.get(language, FILTERS[DEFAULT])[facet]


def repeat_title(repeat: str, language: str) -> str:
    return REPEATS.get(language, REPEATS[DEFAULT])[repeat]
