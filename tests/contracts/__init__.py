"""Each port's suite, on the fake and on the real adapter."""
