"""Emergency access: somebody who opens no cases reads one of their own clinic, for a short time.

It needs a reason, ends by itself, changes nothing, and its therapist and the managers are told.
The wall of the clinic stays whole: another clinic's case is not found.
"""
