v = "good"
