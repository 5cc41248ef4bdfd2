"""What is due in cases: told by each room, shown and reminded of by one."""
