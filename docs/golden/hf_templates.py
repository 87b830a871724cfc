"""Hugging Face's own way of rendering a chat template, on a fixed day: what templates.py and jinja.py share."""
import datetime

import transformers.utils.chat_template_utils as hf


class Fixed(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 7, 4, 12, 34, 56, 789012)


hf.datetime = Fixed


def row(template, variables, **names):
    """What Python makes of it: `ok`, or `err` where it raises."""
    try:
        return {**names, "ctx": variables, "ok": hf._compile_jinja_template(template).render(**variables)}
    except Exception as e:  # whatever a template does wrong
        return {**names, "ctx": variables, "err": f"{type(e).__name__}: {e}"}
