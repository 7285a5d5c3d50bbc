"""What staff are told of appointments is what strict parsers of the contract take."""

import pytest

from gateway.wire import categories, desk_records, services, staff
from tests import snapshots as a

# Section 5.2 of the contract: strict parsers take these and no others.
RECORD_OF_STAFF = """
id company_id staff_id services goods_transactions staff client comer clients_count date datetime
create_date comment online visit_attendance attendance confirmed seance_length length
technical_break_duration sms_before sms_now sms_now_text email_now notified master_request api_id
from_url review_requested is_remind_sms_sent visit_id created_user_id deleted paid_full
payment_status prepaid prepaid_confirmed is_update_blocked last_change_date custom_color
custom_font_color record_labels activity_id custom_fields documents sms_remain_hours
email_remain_hours bookform_id record_from is_mobile is_sale_bill_printed consumables
finance_transactions resource_instance_ids acceptance_free short_link
"""
SERVICE_OF_STAFF = """
id title cost cost_to_pay manual_cost cost_per_unit discount first_cost amount assistants
"""
STAFF_OF_STAFF = """
id api_id name specialization position avatar avatar_big rating votes_count
"""
CLIENT_OF_STAFF = """
id name surname patronymic middle_name display_name comment phone card email success_visits_count
fail_visits_count discount is_new custom_fields gender sex birthday client_tags phone_country_id
"""

# Section 5.4 of the contract.
SERVICE = """
id salon_service_id title booking_title print_title category_id price_min price_max discount comment
weight active api_id api_service_id prepaid price_prepaid_amount price_prepaid_percent is_multi
capacity duration is_online service_type tax_variant vat_id repeat_visit_days_step
seance_search_start seance_search_finish seance_search_step step is_need_limit_date date_from
date_to schedule_template_type online_invoicing_status is_abonement_autopayment_enabled
autopayment_before_visit_time abonement_restriction_value is_chain is_price_managed_only_in_chain
is_comment_managed_only_in_chain image_group staff dates resources
"""
GIVER = "id seance_length technological_card_id image_url price name"
CATEGORY = """
id category_id salon_service_id title booking_title weight api_id price_min price_max sex is_chain
staff
"""
STAFF_MEMBER = """
id api_id name specialization company_id information fired is_fired dismissal_date dismissal_reason
hidden is_online status is_deleted user_id rating prepaid is_chain weight is_rating_shown
is_online_random_choice_allowed seance_step seance_search_step seance_search_start
seance_search_finish is_timetable_off is_fullness_accounting google_clients google_link
timetable_markup_divider_interval avatar avatar_big position user is_bookable services_links
schedule_till employee chain grid_settings domain
"""
POSITION = """
id chain_id title description services_binding_type rules_required_fields only_chain_appointment
"""
LINK = """
service_id master_id length technological_card_id api_id is_online is_offline_records_allowed price
"""


def test_the_catalogue_is_told_by_the_contracts_fields_and_no_others():
    told = services.service(a.a_service_at_desk())
    assert told.keys() == set(SERVICE.split())
    assert told["staff"][0].keys() == set(GIVER.split())
    assert categories.category(a.a_category()).keys() == set(CATEGORY.split())


def test_people_are_told_by_the_contracts_fields_and_no_others():
    told = staff.staff_member(a.a_staff_member_at_desk())
    assert told.keys() == set(STAFF_MEMBER.split())
    assert told["position"].keys() == set(POSITION.split())
    assert told["services_links"][0].keys() == set(LINK.split())
    assert told["user"].keys() == {"id", "name", "phone", "email", "avatar", "is_approved"}
    assert told["chain"].keys() == {"id", "title"}
    grid = {"is_enabled", "weekdays_settings", "dates_settings"}
    assert told["grid_settings"].keys() == grid


def test_prices_of_the_catalogue_are_amounts_and_ranges():
    told = services.service(a.a_service_at_desk())
    assert (told["price_min"], told["price_max"]) == (45.5, 60)
    assert [one["price"] for one in told["staff"]] == [{"min": 50, "max": 55}, None]
    assert [one["seance_length"] for one in told["staff"]] == [2700, 3600]
    member = staff.staff_member(a.a_staff_member_at_desk())
    assert member["services_links"][0]["price"] == 55


def test_pictures_of_ours_are_told_as_addresses():
    told = services.service(a.a_service_at_desk(), "https://example.com")
    address = f"https://example.com/images/{'ab' * 16}.jpg"
    assert told["image_group"] == {"images": {"basic": {"path": address}}}
    bare = services.service(a.a_service_at_desk(image=None))
    assert bare["image_group"] == []
    elsewhere = a.a_staff_member_at_desk(avatar=None, avatar_url="https://example.org/i.jpg")
    assert staff.staff_member(elsewhere)["avatar"] == "https://example.org/i.jpg"


def test_staff_are_told_the_contracts_fields_and_no_others():
    told = desk_records.desk_record(a.an_appointment())
    assert told.keys() == set(RECORD_OF_STAFF.split())
    assert told["services"][0].keys() == set(SERVICE_OF_STAFF.split())
    assert told["staff"].keys() == set(STAFF_OF_STAFF.split())
    assert told["staff"]["position"].keys() == {"id", "title", "services_binding_type"}
    assert told["client"].keys() == set(CLIENT_OF_STAFF.split())


def test_staff_are_told_flags_as_flags_and_bits_as_bits():
    told = desk_records.desk_record(a.an_appointment())
    for name in ("online", "deleted", "prepaid", "prepaid_confirmed", "is_update_blocked"):
        assert told[name] in (True, False) and isinstance(told[name], bool)
    for name in ("confirmed", "sms_before", "master_request", "notified", "paid_full", "is_mobile"):
        assert told[name] in (0, 1, 2) and not isinstance(told[name], bool)


def test_staff_are_told_the_start_with_and_without_its_zone():
    told = desk_records.desk_record(a.an_appointment())
    assert told["date"] == "2026-11-20 10:00:00"
    assert told["datetime"] == "2026-11-20T10:00:00+01:00"
    assert told["create_date"] == "2026-10-30T13:00:00+0100"


def test_amounts_that_are_whole_are_told_as_integers():
    line = a.an_appointment()["services"][0]
    lines = [
        line,
        {**line, "price_minor": 4095, "discount_percent": 10},
        {**line, "price_minor": 4000},
    ]
    told = desk_records.desk_record(a.an_appointment(services=lines))["services"]
    assert [repr(service["cost"]) for service in told] == ["45.5", "40.95", "40"]
    assert [service["discount"] for service in told] == [0, 10, 0]


def test_all_seats_are_to_be_paid_for():
    line = {**a.an_appointment()["services"][0], "amount": 3}
    [told] = desk_records.desk_record(a.an_appointment(services=[line]))["services"]
    assert (told["cost"], told["cost_per_unit"], told["cost_to_pay"]) == (45.5, 45.5, 136.5)


def test_nobody_is_null_and_no_fields_are_an_empty_array():
    told = desk_records.desk_record(a.an_appointment(client=None))
    assert (told["client"], told["custom_fields"]) == (None, [])
    assert desk_records.desk_record(a.a_passers_by_appointment())["custom_fields"] == {
        "shoe_size": 38
    }


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"is_online": False, "is_mobile": True, "created_by_user_id": 31}, (False, 0, 31)),
        ({"is_mobile": True, "created_by_user_id": 21}, (True, 1, 0)),
        ({"is_mobile": False}, (True, 2, 0)),
    ],
)
def test_staff_are_told_how_a_record_was_made(changes, told):
    record = desk_records.desk_record(a.an_appointment(**changes))
    assert (record["online"], record["is_mobile"], record["created_user_id"]) == told
