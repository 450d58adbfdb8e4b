"""What a language model is asked where a judgement is in doubt, and what becomes of its answers.

The message was judged, kept and routed before: a model never holds it up. It is asked later, outside any transaction,
and its answer counts only where nothing has happened to the message meanwhile.
"""
