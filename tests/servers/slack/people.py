"""What people do with the app: commands, buttons, menus, shortcuts, forms; and what they are answered."""

from typing import Any

from tests.servers.slack.deliveries import Deliveries
from tests.servers.slack.limits import check_options, check_view
from tests.servers.slack.state import Payload, Refusal, Workspace
from tests.servers.slack.web_api import named


class People:
    """Those of one workspace. ``base``: where the app answers them."""

    space: Workspace
    deliveries: Deliveries
    base: str

    async def command(self, user: str, channel: str, text: str) -> Any:
        """Somebody types ``/parley text``; what the app answers at once."""
        payload = self._asked(user, channel) | {"command": "/parley", "text": text}
        name = self.space.channels[channel].name or "directmessage"
        flat = {"user_id": user, "user_name": user, "channel_id": channel, "channel_name": name, "api_app_id": "A1"}
        payload = (
            flat
            | {"team_id": self.space.team, "command": "/parley", "text": text}
            | {name: payload[name] for name in ("trigger_id", "response_url")}
        )
        return await self.deliveries.ask("slash_commands", payload)

    async def press(self, user: str, channel: str, ts: str, value: str) -> Any:
        """Somebody presses the button with that value."""
        message = self.space.message(channel, ts)
        elements = [e for block in message["blocks"] if block["type"] == "actions" for e in block["elements"]]
        button = next(element for element in elements if element["value"] == value)
        action = button | {"block_id": "b", "type": "button", "action_ts": self.space.ts()}
        asked = self._asked(user, channel) | {"message": message, "actions": [action]}
        container = {"type": "message", "message_ts": ts, "channel_id": channel}
        return await self.deliveries.ask("interactive", asked | {"type": "block_actions", "container": container})

    async def press_answer(self, user: str, channel: str, blocks: list[Payload], value: str) -> Any:
        """Somebody presses the button with that value of an answer that they alone see: Slack tells no message then."""
        elements = [e for block in blocks if block["type"] == "actions" for e in block["elements"]]
        button = next(element for element in elements if element["value"] == value)
        action = button | {"block_id": "b", "type": "button", "action_ts": self.space.ts()}
        container = {"type": "message", "message_ts": self.space.ts(), "channel_id": channel, "is_ephemeral": True}
        asked = self._asked(user, channel) | {"type": "block_actions", "container": container}
        return await self.deliveries.ask("interactive", asked | {"actions": [action]})

    async def choose(
        self, user: str, channel: str, blocks: list[Payload], action_id: str, *chosen: str, ts: str | None = None
    ) -> Any:
        """Somebody chooses these, and nothing else, from a menu of an answer that they alone see, or of a message."""
        element = _menu(blocks, action_id)
        options = [{"text": {"type": "plain_text", "text": f"name of {one}"}, "value": one} for one in chosen]
        done: Payload = {
            "conversations_select": {"selected_conversation": chosen[0] if chosen else None},
            "multi_conversations_select": {"selected_conversations": list(chosen)},
            "multi_external_select": {"selected_options": options},
        }[element["type"]]
        action = {"type": element["type"], "action_id": action_id, "block_id": "b", "action_ts": self.space.ts()}
        container = {"type": "message", "message_ts": ts or self.space.ts(), "channel_id": channel}
        asked = self._asked(user, channel) | {"type": "block_actions", "container": container}
        asked |= (
            {"message": self.space.message(channel, ts)} if ts else {"container": container | {"is_ephemeral": True}}
        )
        return await self.deliveries.ask("interactive", asked | {"actions": [action | done]})

    async def offer(self, user: str, channel: str, blocks: list[Payload], action_id: str, typed: str) -> list[str]:
        """Somebody types into a menu of an answer that they alone see; what it offers, checked as Slack would."""
        element = _menu(blocks, action_id)
        assert element["type"] == "multi_external_select"
        told = {"type": "block_suggestion", "action_id": action_id, "block_id": "b", "value": typed}
        container = {"type": "message", "message_ts": self.space.ts(), "channel_id": channel, "is_ephemeral": True}
        where = {"id": channel, "name": self.space.channels[channel].name}
        asked = self._person(user) | told | {"container": container, "channel": where}
        answer = await self.deliveries.ask("interactive", asked)
        options = (answer or {}).get("options", [])
        check_options(options)
        return [option["value"] for option in options]

    def open_home(self, user: str, tab: str = "home") -> None:
        """Somebody opens the app."""
        told = {"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": tab}
        self.deliveries.tell(told | {"event_ts": self.space.ts()})

    async def call(self, user: str, callback: str) -> Any:
        """Somebody chooses a shortcut that stands everywhere."""
        told = {"type": "shortcut", "callback_id": callback, "action_ts": self.space.ts()}
        return await self.deliveries.ask(
            "interactive", self._person(user) | told | {"trigger_id": self.space.trigger()}
        )

    async def shortcut(self, user: str, channel: str, ts: str, callback: str) -> Any:
        """Somebody chooses an entry of a message's menu."""
        asked = self._asked(user, channel) | {"message": self.space.message(channel, ts), "message_ts": ts}
        told = {"type": "message_action", "callback_id": callback, "action_ts": self.space.ts()}
        return await self.deliveries.ask("interactive", asked | told)

    async def suggest(self, user: str, view: Payload, block: str, typed: str) -> Any:
        """Somebody types into a select; the options it offers, checked as Slack would."""
        element = next(one for one in view["blocks"] if one.get("block_id") == block)["element"]
        told = {"type": "block_suggestion", "action_id": element["action_id"], "block_id": block, "value": typed}
        answer = await self.deliveries.ask("interactive", self._person(user) | told | {"view": view})
        check_options((answer or {}).get("options", []))
        return answer

    async def submit(self, user: str, view: Payload, values: dict[str, str]) -> Any:
        """Somebody sends a form; ``values`` by block."""
        state: Payload = {}
        for block in view["blocks"]:
            if block["type"] == "input" and block["block_id"] in values:
                element, value = block["element"], values[block["block_id"]]
                chosen = {"value": value, "text": {"type": "plain_text", "text": value}}
                kept = {"value": value} if element["type"] == "plain_text_input" else {"selected_option": chosen}
                if element["type"] == "multi_static_select":
                    kept = {"selected_options": [one for one in element["options"] if one["value"] in value.split()]}
                state[block["block_id"]] = {element["action_id"]: {"type": element["type"]} | kept}
        trigger = self.space.trigger()
        told = {"type": "view_submission", "view": view | {"state": {"values": state}}, "trigger_id": trigger}
        answer = await self.deliveries.ask("interactive", self._person(user) | told | {"response_urls": []})
        if answer and answer.get("response_action") in ("update", "push"):
            check_view(answer["view"])
            self.space.views[view["id"]] = named(answer["view"]) | {"id": view["id"]}
        inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
        if answer and not {*answer.get("errors", {})} <= inputs:
            raise Refusal("errors at what is no input")
        return answer

    def answers(self, user: str) -> list[Payload]:
        """What the app answered somebody privately, in order."""
        return [
            answer for address in self.space.addresses.values() if address.user == user for answer in address.answers
        ]

    def _person(self, user: str) -> Payload:
        known = self.space.users.get(user, {"team_id": self.space.team})
        person = {"id": user, "username": user, "name": user, "team_id": known["team_id"]}
        return {"user": person, "team": {"id": self.space.team, "domain": "test"}, "api_app_id": "A1"}

    def _asked(self, user: str, channel: str) -> Payload:
        where = {"id": channel, "name": self.space.channels[channel].name or "directmessage"}
        address = self.space.address(self.base, user, channel)
        return self._person(user) | {"channel": where, "trigger_id": self.space.trigger(), "response_url": address}


def _menu(blocks: list[Payload], action_id: str) -> Payload:
    accessories = (block["accessory"] for block in blocks if "accessory" in block)
    found: Payload = next(one for one in accessories if one["action_id"] == action_id)
    return found
