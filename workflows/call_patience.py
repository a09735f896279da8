"""How long a call waits for what, and how often it looks. Figures only."""

from datetime import timedelta

JOINING = timedelta(seconds=3)
"""So long may a rep who pressed 1 take to be in the conference, before the vendor is asked."""

LOOKS = 5
"""How often it is."""

SLACK = timedelta(seconds=6)
"""What the vendor adds to a phone's time to ring, and a second for its word to come."""

HEARING = timedelta(seconds=35)
"""So long may it take to tell a person from a machine, or to bring together who has answered."""

RECORDING = timedelta(seconds=5)
"""So long is a recording waited for, so that the note of the call has it; a later one has a note of its own."""

LONGEST_TALK = timedelta(hours=4)
LOOK_EVERY = timedelta(minutes=2)
"""How often a talk that nothing is heard of is looked at."""
