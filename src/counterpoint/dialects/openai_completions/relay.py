"""The way past the hub: the chat API's reader of streams, which knows one more way to end."""

from counterpoint.dialects.openai_chat.relay import OpenAIRelay

_BARE = b'{"value":'


class CompletionsRelay(OpenAIRelay):
    """Reads a stream that passes by. One that holds bare values ends when the host hangs up."""

    _bare = False

    @property
    def _finished(self) -> bool:
        return self._bare or super()._finished

    def _see(self, raw: bytes) -> bool:
        if not self._bare and raw[5:].lstrip()[: len(_BARE)] == _BARE:
            self._bare = True
        return super()._see(raw)
