"""The tables, as statements use them. Rows are declared with SQLModel; queries are SQLAlchemy Core."""

from sqlalchemy import Table

from alerts.store.tables.admins import AdminCodeRow, AdminRow, AdminSessionRow, AuditRow, LoginTryRow
from alerts.store.tables.archive import ApprovalRow, ItemRow, MatterKeyRow, MatterRow, RevisionRow
from alerts.store.tables.collect import FeedStateRow, HostGateRow, PollRow, SeenKeyRow
from alerts.store.tables.people import CompanyRow, ContactRow, CriteriaRow, EndpointRow, WatchRow
from alerts.store.tables.posts import PostRow
from alerts.store.tables.push import HubNewsRow, PushRow
from alerts.store.tables.requests import RequestRow
from alerts.store.tables.service import CounterRow, DaemonRow, JobSlotRow, LedgerRow, SuppressionRow
from alerts.store.tables.telling import (
    AlertRow,
    AttemptRow,
    DeliveryRow,
    DigestRecord,
    MatchRow,
    ProviderPaceRow,
    ReturnedRow,
    WordingRow,
)
from alerts.store.tables.types import Record
from alerts.store.tables.vigil import FeedEventRow

METADATA = Record.metadata


def _table(row: type[Record]) -> Table:
    return METADATA.tables[str(row.__tablename__)]


feed_state = _table(FeedStateRow)
poll = _table(PollRow)
host_gate = _table(HostGateRow)
seen_key = _table(SeenKeyRow)
feed_event = _table(FeedEventRow)
feed_push = _table(PushRow)
hub_news = _table(HubNewsRow)
matter = _table(MatterRow)
matter_key = _table(MatterKeyRow)
item = _table(ItemRow)
item_revision = _table(RevisionRow)
approval = _table(ApprovalRow)
account_request = _table(RequestRow)
company = _table(CompanyRow)
contact = _table(ContactRow)
endpoint = _table(EndpointRow)
post = _table(PostRow)
criteria = _table(CriteriaRow)
watch = _table(WatchRow)
match = _table(MatchRow)
alert = _table(AlertRow)
wording = _table(WordingRow)
digest = _table(DigestRecord)
delivery = _table(DeliveryRow)
attempt = _table(AttemptRow)
provider_pace = _table(ProviderPaceRow)
returned = _table(ReturnedRow)
suppression = _table(SuppressionRow)
ledger = _table(LedgerRow)
counter = _table(CounterRow)
job_slot = _table(JobSlotRow)
daemon = _table(DaemonRow)
admin = _table(AdminRow)
admin_code = _table(AdminCodeRow)
admin_session = _table(AdminSessionRow)
login_try = _table(LoginTryRow)
audit = _table(AuditRow)
