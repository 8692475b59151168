"""Forms that write by the product's actions, and try that before they call themselves valid.

Django's admin validates, then saves, and has no words for a save that is refused. So a form of
this kind writes once inside a savepoint that is rolled back: what the action or the database
refuses is told beside the form, and what was typed is kept.
"""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from tracker.models import User

INTRO = (
    "Somebody changed this after you opened it. Nothing was saved yet, and what you typed is "
    "kept below. Save again to overwrite."
)


class RehearsedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of one row; ``by`` is who asks, ``status_code`` how a refusal is answered."""

    by: User
    status_code = 422
    # What the action raises when somebody else was quicker.
    stale: ClassVar[tuple[type[Exception], ...]] = ()

    def write(self) -> Any:
        """Write what was changed by an action; called twice, the first time for trial."""
        raise NotImplementedError

    def tell_stale(self, error: Any) -> list[str]:
        """Return both values in words, and make the next save overwrite knowingly."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and self.has_changed() and self.instance.pk:
            self._rehearse()

    def _rehearse(self) -> None:
        try:
            with transaction.atomic():
                self.write()
                transaction.set_rollback(True)
        except self.stale as error:
            self.status_code = 409
            self.add_error(None, ValidationError([INTRO, *self.tell_stale(error)]))
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))

    def seen_again(self, name: str, value: Any) -> None:
        """Set a hidden field of the posted form to what the next save starts from."""
        data: Any = self.data
        data = data.copy()
        data[self.add_prefix(name)] = str(value)
        self.data = data
