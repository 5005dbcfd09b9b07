"""What a follow-up leaves out, and where it is found: in the question before it."""
