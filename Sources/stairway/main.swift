print("stairway")
