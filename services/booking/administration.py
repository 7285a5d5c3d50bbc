"""The ways in for who administers a business: its catalogue, its people, its places."""

import base64
from typing import Any

from sqlalchemy.orm import Session

from services.booking.schemas import administration as schemas
from services.booking.schemas import places as place_schemas
from services.booking.schemas.reading import AtLocationSchema
from services.booking.use_cases import catalogue, images, links, locations, positions, staff
from services.booking.use_cases.permissions import staff_location
from services.booking.views import administration as views
from services.booking.views.places import get_location
from services.common.bus import Service, attempt, command, query
from services.common.photos import open_folder
from services.common.rights import Permission

Arguments = dict[str, Any]
Answer = dict[str, Any]


class Administration(Service):
    """Whatever is written into the catalogue, and said of people and places."""

    @query(schemas.ListServicesSchema)
    def list_services(self, session: Session, arguments: Arguments) -> Answer:
        found = catalogue.list_services(session, **arguments, call=self.call)
        return {"services": views.show_services(session, *found)}

    @query(schemas.ServiceAtSchema)
    def get_service(self, session: Session, arguments: Arguments) -> Answer:
        found = catalogue.get_service(session, **arguments, call=self.call)
        return views.show_service(session, *found)

    @command(schemas.CreateServiceSchema)
    def create_service(self, session: Session, request: Arguments) -> Answer:
        return views.show_service(session, *catalogue.create_service(session, request, self.call))

    @command(schemas.UpdateServiceSchema)
    def update_service(self, session: Session, request: Arguments) -> Answer:
        return views.show_service(session, *catalogue.update_service(session, request, self.call))

    @command(schemas.DeleteServiceSchema)
    def delete_service(self, session: Session, request: Arguments) -> Answer:
        catalogue.delete_service(session, **request, call=self.call)
        return {}

    @query(AtLocationSchema)
    def list_service_categories(self, session: Session, arguments: Arguments) -> Answer:
        found = catalogue.list_categories(session, **arguments, call=self.call)
        return {"categories": views.show_categories(session, *found)}

    @query(schemas.OfBusinessSchema)
    def list_categories_of_business(self, session: Session, arguments: Arguments) -> Answer:
        business = locations.own_business(session, **arguments, call=self.call)
        return {"categories": views.show_categories_of(session, business)}

    @query(schemas.CategoryAtSchema)
    def get_service_category(self, session: Session, arguments: Arguments) -> Answer:
        found = catalogue.get_category(session, **arguments, call=self.call)
        return views.show_category(session, *found)

    @command(schemas.CreateCategorySchema)
    def create_service_category(self, session: Session, request: Arguments) -> Answer:
        return views.show_category(session, *catalogue.create_category(session, request, self.call))

    @command(schemas.UpdateCategorySchema)
    def update_service_category(self, session: Session, request: Arguments) -> Answer:
        return views.show_category(session, *catalogue.update_category(session, request, self.call))

    @command(schemas.DeleteCategorySchema)
    def delete_service_category(self, session: Session, request: Arguments) -> Answer:
        catalogue.delete_category(session, **request, call=self.call)
        return {}

    @command(schemas.SetLinksSchema)
    def set_links(self, session: Session, request: Arguments) -> Answer:
        return {"links": links.set_links(session, **request, call=self.call)}

    @command(schemas.LinkAtSchema)
    def remove_link(self, session: Session, request: Arguments) -> Answer:
        links.remove_link(session, **request, call=self.call)
        return {}

    @query(schemas.ListStaffSchema)
    def list_staff(self, session: Session, arguments: Arguments) -> Answer:
        found = staff.list_staff(session, **arguments, call=self.call)
        return {"staff": views.show_staff(session, *found)}

    @query(schemas.StaffMemberAtSchema)
    def get_staff_member(self, session: Session, arguments: Arguments) -> Answer:
        found = staff.get_staff_member(session, **arguments, call=self.call)
        return views.show_staff_member(session, *found)

    @command(schemas.CreateStaffMemberSchema)
    def create_staff_member(self, session: Session, request: Arguments) -> Answer:
        made = staff.create_staff_member(session, request, self.call)
        return views.show_staff_member(session, *made)

    @command(schemas.UpdateStaffMemberSchema)
    def update_staff_member(self, session: Session, request: Arguments) -> Answer:
        changed = staff.update_staff_member(session, request, self.call)
        return views.show_staff_member(session, *changed)

    @command(schemas.DismissStaffMemberSchema)
    def dismiss_staff_member(self, session: Session, request: Arguments) -> Answer:
        changed = staff.dismiss_staff_member(session, **request, call=self.call)
        return views.show_staff_member(session, *changed)

    @query(AtLocationSchema)
    def list_positions(self, session: Session, arguments: Arguments) -> Answer:
        found = positions.list_positions(session, **arguments, call=self.call)
        return {"positions": [views.show_position(position) for position in found]}

    @query(schemas.PositionAtSchema)
    def get_position(self, session: Session, arguments: Arguments) -> Answer:
        return views.show_position(positions.get_position(session, **arguments, call=self.call))

    @command(schemas.CreatePositionSchema)
    def create_position(self, session: Session, request: Arguments) -> Answer:
        return views.show_position(positions.create_position(session, request, self.call))

    @command(schemas.UpdatePositionSchema)
    def update_position(self, session: Session, request: Arguments) -> Answer:
        return views.show_position(positions.update_position(session, request, self.call))

    @command(schemas.PositionAtSchema)
    def delete_position(self, session: Session, request: Arguments) -> Answer:
        positions.delete_position(session, **request, call=self.call)
        return {}

    @attempt(schemas.ChangeServiceImageSchema)
    def change_service_image(self, write: Any, request: Arguments) -> Answer:
        name = self._keep(write, request, Permission.CATALOGUE_EDIT)
        with write() as session:
            changed = images.change_service_image(session, **request, name=name, call=self.call)
            return views.show_service(session, *changed)

    @attempt(schemas.ChangeStaffImageSchema)
    def change_staff_image(self, write: Any, request: Arguments) -> Answer:
        name = self._keep(write, request, Permission.STAFF_EDIT)
        with write() as session:
            changed = images.change_staff_image(session, **request, name=name, call=self.call)
            return views.show_staff_member(session, *changed)

    @query(schemas.GetImageSchema)
    def get_image(self, session: Session, arguments: Arguments) -> Answer:
        folder = open_folder(self.settings.image_folder)
        content = images.read_image(session, folder, arguments["name"])
        return {"content": base64.b64encode(content).decode()}

    @query(place_schemas.NoArgumentsSchema)
    def list_own_businesses(self, session: Session, arguments: Arguments) -> Answer:
        listed = locations.list_own_businesses(session, self.call)
        return {"businesses": views.show_businesses(listed)}

    @command(place_schemas.CreateLocationSchema)
    def create_location(self, session: Session, request: Arguments) -> Answer:
        return self._location(session, locations.create_location(session, request, self.call).id)

    @command(place_schemas.UpdateLocationSchema)
    def update_location(self, session: Session, request: Arguments) -> Answer:
        return self._location(session, locations.update_location(session, request, self.call).id)

    @command(place_schemas.CloseLocationSchema)
    def close_location(self, session: Session, request: Arguments) -> Answer:
        locations.close_location(session, **request, call=self.call)
        return {}

    def _location(self, session: Session, location_id: int) -> Answer:
        wanted = {"with_next_slot": False, "with_forms": False}
        return get_location(session, location_id=location_id, **wanted, now=self.call.now)

    def _keep(self, write: Any, request: Arguments, permission: Permission) -> str | None:
        """Put a picture onto the disk before anything has it; its name. A crash leaves nobody's."""
        folder = open_folder(self.settings.image_folder)
        with write() as session:
            self.admit(session, request)
            staff_location(session, self.call, request["location_id"], permission)
        content = request.pop("content")
        return None if content is None else folder.save(base64.b64decode(content))
