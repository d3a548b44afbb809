"""Logs of a shop's chat: messages with author and time, and what the rules of messages say of them as messages."""

from streamcheck.chats.conduct import check_conduct
from streamcheck.chats.reading import Message, is_chat_name, parse_chat

__all__ = ["Message", "check_conduct", "is_chat_name", "parse_chat"]
