"""The root of the exception tree and the branch that indexing raises.

::

    HeraldError
    ├── SourceError                a source that cannot become an announcement
    │   ├── SourceNotFound
    │   ├── SourceUnsupported      a kind of file that no reader takes
    │   ├── SourceUnreadable       damaged, not UTF-8, empty, malformed
    │   └── SourceConflict         two sources claim one id
    ├── IndexUnusable              the index folder
    │   ├── IndexMissing
    │   ├── IndexDamaged           a file is missing, cut short or altered
    │   ├── IndexBusy              another process is building
    │   └── EncoderMismatch        built with another encoder than the one asked for
    └── EncoderUnavailable         the encoder is not installed or its weights are not what they should be

``service.errors`` adds the branch that answering raises.
"""


class HeraldError(Exception):
    """Everything that Herald raises on purpose. Its text says what is wrong, where, and what helps."""


class SourceError(HeraldError):
    """A source that cannot become an announcement.

    ``where`` names the file, and the line of a JSONL file; ``why`` is the reason alone.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class SourceNotFound(SourceError):
    """No such file or folder."""


class SourceUnsupported(SourceError):
    """A kind of file that no reader takes."""


class SourceUnreadable(SourceError):
    """The file is damaged, empty, not UTF-8 or not of the form that its name promises."""


class SourceConflict(SourceError):
    """Two sources claim one announcement id."""


class IndexUnusable(HeraldError):
    """The index folder cannot be used."""


class IndexMissing(IndexUnusable):
    """The folder holds no index."""


class IndexDamaged(IndexUnusable):
    """A file of the index is missing, cut short or altered."""


class IndexBusy(IndexUnusable):
    """Another process is building this index."""


class EncoderMismatch(IndexUnusable):
    """The index was built with another encoder than the one asked for."""


class EncoderUnavailable(HeraldError):
    """The encoder is not installed, or its weights are not what they should be."""
