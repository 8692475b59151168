"""Jira, Cloud and Server, in English, French, Dutch, German and Spanish; estimates in seconds."""

from tracker.domain.importing import Field, Unit
from tracker.transfer.formats import Format

FORMAT = Format(
    name="jira",
    label="Jira",
    signature=(
        ("Issue key", "Issue id"),
        ("Clave de incidencia", "ID de la incidencia"),
        ("Clé de ticket", "Résumé"),
        ("Vorgangsschlüssel", "Zusammenfassung"),
        ("Issuesleutel", "Samenvatting"),
    ),
    aliases={
        Field.TITLE: ("Summary", "Résumé", "Resumen", "Samenvatting", "Zusammenfassung", "title"),
        Field.KEY: (
            "Issue key",
            "Clave de incidencia",
            "Clé de ticket",
            "Vorgangsschlüssel",
            "Issuesleutel",
        ),
        Field.STATUS: ("Status", "Etat", "Statut", "Estado"),
        Field.ORIGIN: ("Custom field (Origin)", "Custom field (Planned)"),
        Field.OWNER: ("Assignee", "Responsable", "Persona asignada", "Toegewezene", "Bearbeiter"),
        Field.ESTIMATE: (
            "Original estimate",
            "Estimation originale",
            "Oorspronkelijke schatting",
            "Ursprüngliche Schätzung",
            "Estimación original",
        ),
        Field.LABELS: ("Étiquettes", "Etiquetas", "Stichwörter", "Labels"),
        Field.DESCRIPTION: (
            "Descriptif",
            "Descripción",
            "Beschrijving",
            "Beschreibung",
            "Description",
        ),
        Field.CREATED: ("Created", "Création", "Creada", "Aangemaakt", "Erstellt"),
        Field.STARTED: ("Custom field (Actual start)",),
        Field.DELIVERED: ("Resolved", "Résolue", "Resuelta", "Opgelost", "Erledigt"),
        Field.TARGET: (
            "Due date",
            "Date d'échéance",
            "Fecha de vencimiento",
            "Vervaldatum",
            "Fälligkeitsdatum",
        ),
        Field.UPDATED: ("Updated", "Mise à jour", "Actualizada", "Bijgewerkt", "Aktualisiert"),
    },
    unit=Unit.SECONDS,
)
