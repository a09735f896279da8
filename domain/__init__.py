"""What a lead is: pure data and transitions. Imports pydantic and the standard library's types only."""
