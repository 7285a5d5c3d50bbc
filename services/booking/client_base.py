"""The ways in for staff who keep the client base."""

from typing import Any

from sqlalchemy.orm import Session

from services.booking.schemas import clients as schemas
from services.booking.use_cases import (
    blacklist,
    bulk,
    client_base,
    client_comments,
    custom_fields,
    labels,
)
from services.booking.use_cases.permissions import staff_location
from services.booking.views import clients as views
from services.common.bus import Service, command, query
from services.common.rights import Permission

Arguments = dict[str, Any]
Answer = dict[str, Any]


class ClientBase(Service):
    """Clients are of a business; a location says which, and what the viewer may do."""

    @query(schemas.ClientAtSchema)
    def get_client(self, session: Session, arguments: Arguments) -> Answer:
        return views.get_client(session, **arguments, call=self.call)

    @query(schemas.ListClientsSchema)
    def list_clients(self, session: Session, arguments: Arguments) -> Answer:
        return views.list_clients(session, **arguments, call=self.call)

    @query(schemas.SearchClientsSchema)
    def search_clients(self, session: Session, arguments: Arguments) -> Answer:
        return views.search_clients(session, **arguments, call=self.call)

    @command(schemas.CreateClientSchema)
    def create_client(self, session: Session, request: Arguments) -> Answer:
        client = client_base.create_client(session, request, self.call)
        return self._client(session, request, client)

    @command(schemas.CreateClientsSchema)
    def create_clients(self, session: Session, request: Arguments) -> Answer:
        location, created, errors = bulk.create_clients(session, **request, call=self.call)
        return {"clients": views.show_clients(session, location, created), "errors": errors}

    @command(schemas.UpdateClientSchema)
    def update_client(self, session: Session, request: Arguments) -> Answer:
        client = client_base.update_client(session, request, self.call)
        return self._client(session, request, client)

    @command(schemas.ClientAtSchema)
    def delete_client(self, session: Session, request: Arguments) -> Answer:
        client_base.delete_client(session, **request, call=self.call)
        return {}

    @query(schemas.ClientAtSchema)
    def list_client_comments(self, session: Session, arguments: Arguments) -> Answer:
        found = client_comments.list_client_comments(session, **arguments, call=self.call)
        return {"comments": found}

    @command(schemas.AddClientCommentSchema)
    def add_client_comment(self, session: Session, request: Arguments) -> Answer:
        return client_comments.add_client_comment(session, **request, call=self.call)

    @command(schemas.DeleteClientCommentSchema)
    def delete_client_comment(self, session: Session, request: Arguments) -> Answer:
        client_comments.delete_client_comment(session, **request, call=self.call)
        return {}

    @query(schemas.PagedSchema)
    def list_blacklist(self, session: Session, arguments: Arguments) -> Answer:
        return blacklist.list_blacklist(session, **arguments, call=self.call)

    @command(schemas.BlockSchema)
    def block_client(self, session: Session, request: Arguments) -> Answer:
        return blacklist.block(session, **request, call=self.call)

    @command(schemas.UnblockSchema)
    def unblock_client(self, session: Session, request: Arguments) -> Answer:
        blacklist.unblock(session, **request, call=self.call)
        return {}

    @query(schemas.ListLabelsSchema)
    def list_labels(self, session: Session, arguments: Arguments) -> Answer:
        return {"labels": labels.list_labels(session, **arguments, call=self.call)}

    @command(schemas.CreateLabelSchema)
    def create_label(self, session: Session, request: Arguments) -> Answer:
        return labels.create_label(session, request, self.call)

    @command(schemas.ChangeLabelSchema)
    def update_label(self, session: Session, request: Arguments) -> Answer:
        return labels.update_label(session, request, self.call)

    @command(schemas.LabelAtSchema)
    def delete_label(self, session: Session, request: Arguments) -> Answer:
        labels.delete_label(session, request, self.call)
        return {}

    @query(schemas.CustomFieldsAtSchema)
    def list_custom_fields(self, session: Session, arguments: Arguments) -> Answer:
        found = custom_fields.list_custom_fields(session, **arguments, call=self.call)
        return {"custom_fields": found}

    @command(schemas.CreateCustomFieldSchema)
    def create_custom_field(self, session: Session, request: Arguments) -> Answer:
        return custom_fields.create_custom_field(session, request, self.call)

    @command(schemas.UpdateCustomFieldSchema)
    def update_custom_field(self, session: Session, request: Arguments) -> Answer:
        return custom_fields.update_custom_field(session, request, self.call)

    @command(schemas.CustomFieldAtSchema)
    def delete_custom_field(self, session: Session, request: Arguments) -> Answer:
        custom_fields.delete_custom_field(session, request, self.call)
        return {}

    def _client(self, session: Session, request: Arguments, client: Any) -> Answer:
        """As it is now; a right to change clients shows what was written."""
        location = staff_location(
            session, self.call, request["location_id"], Permission.CLIENTS_EDIT
        )
        return views.show_client(session, location, client)
