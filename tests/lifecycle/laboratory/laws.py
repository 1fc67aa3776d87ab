"""The laws, judged while a schedule is played and when all has come to rest."""

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from responder.model.case import MOVES
from responder.model.case import Stage as CaseStage
from responder.model.delivery import DELIVERY_MOVES, DeliveryStage
from responder.model.draft import Message
from responder.model.mention import Mention
from responder.store.outbox import LEASE
from responder.store.store import Store
from tests.lifecycle.laboratory.networks import Net, Wishes, Write
from tests.lifecycle.laboratory.schedule import Kind
from tests.lifecycle.laboratory.stage import Stage

#: Within so many seconds before a write begins its sender looked at the post: look, claim, last check. What
#: a reading lags behind comes on top. None: the protocol does not promise it.
FRESH = LEASE
#: Words of the journal by which a person learns that two replies are public.
_TELLS_OF_TWO = "SELECT DISTINCT case_id FROM event WHERE action = 'alarm' AND detail LIKE '%times; delete%'"


@dataclass
class Laws:
    """What must hold at each commit, at each write, and in the end."""

    stage: Stage
    net: Net
    wishes: Wishes
    deliveries: dict[int, str] = field(default_factory=dict)
    cases: dict[int, tuple[str, int]] = field(default_factory=dict)
    #: When each delivery in somebody's hand was claimed, in true seconds.
    claimed: dict[int, float] = field(default_factory=dict)
    #: Posts that two replies of ours stand under because a request came beyond the horizon.
    doubles: list[str] = field(default_factory=list)
    told: int = 0

    def broke(self, words: str) -> None:
        """Note a broken law; the schedule ends there."""
        self.stage.note("law", words)
        self.stage.broken.append(words)

    def know(self, store: Store) -> None:
        """Learn how things stand at the start."""
        with store.read() as connection:
            self.commit(connection)

    def stands(self, *stages: str) -> bool:
        """Whether a case or a delivery stands there by the last commit."""
        return any(one in stages for one in self.deliveries.values()) or any(
            stage in stages for stage, _ in self.cases.values()
        )

    # --- at each commit ------------------------------------------------------------------------------

    def commit(self, connection: Connection) -> None:
        """Judge the moves that a transaction is about to commit."""
        driver = connection.connection.driver_connection
        assert driver is not None
        for number, stage in driver.execute("SELECT id, stage FROM delivery"):
            before = self.deliveries.get(number, "PLANNED")
            if stage != before:
                if DeliveryStage(stage) not in DELIVERY_MOVES[DeliveryStage(before)]:
                    self.broke(f"a delivery that was {before} became {stage}")
                self.claimed[number] = self.stage.clock.seconds
            self.deliveries[number] = stage
        for number, stage, version in driver.execute("SELECT id, stage, version FROM cases"):
            was = self.cases.get(number)
            if was and was[0] != stage:
                allowed = MOVES[CaseStage(was[0])] | {CaseStage.NEW}
                if version == was[1] or (version == was[1] + 1 and CaseStage(stage) not in allowed):
                    self.broke(f"a case that was {was[0]} became {stage}, version {was[1]} to {version}")
            self.cases[number] = (stage, version)

    # --- at each write -------------------------------------------------------------------------------

    def begin(self, store: Store, message: Message, to: Mention) -> Write:
        """Judge a write as it begins: its sender has looked for the last time just now."""
        post, seconds = to.external_id, self.stage.clock.seconds
        write = Write(len(self.net.writes) + 1, post, message.text, message.key, seconds)
        if self.wishes.paused:
            self.broke(f"a write to {post} began during a pause")
        if (post, message.text, to.text) not in self.wishes.standing.values():
            self.broke(f"a write to {post} began without a standing approval of its words")
        open_before = [one for one in self.net.writes if one.target == post and not one.surely_not]
        if self.net.kind is Kind.OWN_KEY:  # the same words under the same key are the same reply
            same = message.key, message.text
            open_before = [one for one in open_before if (one.key, one.text) != same]
        # somebody looked, and said that what was sent until then is not public
        if [one for one in open_before if one.number > self.wishes.denied.get(post, 0)]:
            self.broke(f"a write to {post} began while an earlier one may be public")
        self._judge_intent(store, post)
        self._judge_target(to, seconds)
        self.net.writes.append(write)
        return write

    def _judge_intent(self, store: Store, post: str) -> None:
        query = text(
            "SELECT count(*) FROM attempt JOIN delivery ON delivery.id = delivery_id AND delivery.fence ="
            " attempt.fence JOIN mention ON mention.id = target_id"
            " WHERE external_id = :post AND stage = 'SENDING' AND ended_at IS NULL"
        )
        with Store.read(store) as connection:
            if connection.scalar(query, {"post": post}) != 1:
                self.broke(f"a write to {post} began without its intention on disk")

    def _judge_target(self, to: Mention, seconds: float) -> None:
        """Judge whether the post was as approved at some moment in which the sender may have looked."""
        since = seconds - FRESH - self.net.lag
        post = to.external_id
        seen = self.net.versions(post, since, seconds)
        if not any((one.text, one.edit_mark) == (to.text, to.edit_mark) for one in seen):
            self.broke(f"a write to {post} began though it had changed long before")
        if any(one.write is None and one.at < since for one in self.net.ours(post)):
            self.broke(f"a write to {post} began though a colleague had answered long before")

    def posted(self, began: float) -> None:
        """Judge a run of posting that came to its end: no lease that was long over then is left."""
        clock = self.stage.clock
        for number in [number for number, stage in self.deliveries.items() if stage == "SENDING"]:
            # a clock without a name tells a lease of an earlier start by its length: up to a lease later
            known = clock.named or self.claimed[number] > clock.booted
            if known and began - self.claimed[number] > 2 * LEASE:
                self.broke(f"delivery {number} is in nobody's hand, and nobody noticed")

    def replied(self) -> None:
        """Judge what is public: one reply at the most, but for what came beyond the horizon."""
        by_target = Counter(one.target for one in self.net.replies if one.write)
        for post, times in by_target.items():
            if times > 1:
                late = [one for one in self.net.ours(post) if one.write and one.write.too_late]
                if late and self.net.kind is not Kind.OWN_KEY and self.stage.plan.beyond:
                    if post not in self.doubles:
                        self.doubles.append(post)
                elif not self.stage.broken:
                    self.broke(f"{post} was answered {times} times")

    # --- in the end ----------------------------------------------------------------------------------

    def unsure(self, store: Store) -> list[str]:
        """Return the posts with a reply of which nobody knows yet whether it is public."""
        query = (
            "SELECT external_id FROM delivery JOIN mention ON mention.id = target_id WHERE stage = 'UNSURE'"
        )
        with store.read() as connection:
            return list(connection.execute(text(query)).scalars())

    def end(self, store: Store) -> None:
        """Judge what everything came to: the records equal the network, and nothing is stuck or lost."""
        self.replied()
        with store.read() as connection:
            rows = connection.execute(text(
                "SELECT delivery.id, case_id, stage, remote_id, external_id FROM delivery"
                " JOIN mention ON mention.id = target_id ORDER BY delivery.id"
            )).all()  # fmt: skip
            self._judge_records(list(map(tuple, rows)))
            self._judge_journal(connection)
            self._judge_rest(connection)
            self._judge_intake(connection)
        for difference in store.views.verify():
            self.broke(f"the roll-up differs: {difference}")

    def _judge_records(self, rows: list[tuple[int, int, str, str | None, str]]) -> None:
        public = {(one.target, one.id) for one in self.net.replies}
        for number, _, stage, remote, post in rows:
            if stage in {"PLANNED", "SENDING", "UNSURE"}:
                self.broke(f"delivery {number} stays {stage}")
            if stage == "SENT" and (post, str(remote).rpartition("/")[2]) not in public:
                self.broke(f"delivery {number} is recorded as sent, and is not public")
        sent = {post for _, _, stage, _, post in rows if stage == "SENT"}
        for reply in self.net.replies:
            if reply.write and reply.target not in sent and not reply.write.too_late:
                self.broke(f"{reply.id} is public under {reply.target} and nobody knows")

    def _judge_journal(self, connection: Connection) -> None:
        for what, query in _JOURNAL:
            for row in connection.execute(text(query)):
                self.broke(f"{what}: {tuple(row)}")
        told = connection.execute(text(_TELLS_OF_TWO)).all()
        self.told = min(len(self.doubles), len(told))

    def _judge_rest(self, connection: Connection) -> None:
        stuck = "SELECT id, stage FROM cases WHERE stage IN ('NEW', 'NEEDS_REPLY', 'APPROVED')"
        for number, stage in connection.execute(text(stuck)).all():
            self.broke(f"c-{number} stays {stage}")

    def _judge_intake(self, connection: Connection) -> None:
        query = "SELECT external_id, text, removed_at IS NOT NULL FROM mention"
        kept = {post: (words, bool(gone)) for post, words, gone in connection.execute(text(query)).all()}
        for _, entry in self.net.feed:
            post = entry if isinstance(entry, str) else entry.external_id
            now = self.net.now(post)
            if post not in kept or kept[post][1] != (now is None):
                self.broke(f"{post} was said (or removed), and the store does not know")
            elif now and kept[post][0] != now.text:
                self.broke(f"{post} reads otherwise in the store: {kept[post][0]}")


#: What the journal and the tables say of each other: (what is wrong, the query that finds it).
_JOURNAL = (
    (
        "the journal and the outbox differ about answers",
        """SELECT case_id FROM delivery GROUP BY case_id HAVING count(*) FILTER (WHERE stage = 'SENT') <> (
            SELECT count(*) FROM event WHERE event.case_id = delivery.case_id AND action = 'answered')""",
    ),
    (
        "the journal and the attempts differ",
        """SELECT case_id FROM delivery JOIN attempt ON delivery_id = delivery.id GROUP BY case_id
            HAVING count(*) <> (
            SELECT count(*) FROM event WHERE event.case_id = delivery.case_id AND action = 'sending')""",
    ),
    (
        "a case moved without a word in the journal",
        """SELECT id FROM cases WHERE version > (SELECT count(*) FROM event WHERE case_id = cases.id)""",
    ),
)
