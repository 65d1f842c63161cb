# Counts down: the smallest loop there is, so the purest view of dispatch, comparison and subtraction.
def run(n):
    left = n * 100
    turns = 0
    while left > 0:
        left -= 1
        turns += 1
    return turns
