# math.
import math
print(math.pi, math.e, math.inf, math.nan, math.tau, math.sqrt(2), math.floor(-1.5), math.ceil(1.2), math.trunc(-1.9), math.gcd(12, 18, 27), math.lcm(4, 6), math.factorial(20), math.isqrt(10 ** 20), math.comb(10, 3), math.perm(5, 2), math.prod([1, 2, 3.5]))
print(math.sin(1), math.cos(1), math.tan(1), math.atan2(1, -1), math.exp(1), math.log(10), math.log(8, 2), math.log2(8), math.log10(1000), math.pow(2, 0.5), math.hypot(3, 4), math.degrees(math.pi), math.radians(180), math.fabs(-3), math.fmod(-7, 3), math.copysign(1, -0.0), math.fsum([0.1] * 10), math.dist((0, 0), (3, 4)))
print(math.isnan(math.nan), math.isinf(-math.inf), math.isfinite(1), math.isclose(0.1 + 0.2, 0.3), math.modf(2.5), math.frexp(8), math.ldexp(0.5, 4), math.log(10 ** 400), math.floor(1e20), math.ceil(-0.5), math.asin(1), math.sinh(1), math.erf(0.5), math.gamma(5), math.remainder(7, 2), math.sumprod([1, 2], [3, 4]))
for f in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.factorial(-1), lambda: math.floor(math.nan), lambda: math.exp(1000), lambda: math.sqrt("a"), lambda: math.gcd(1.5), lambda: math.acos(2)):
    try:
        f()
        print("no error")
    except (ValueError, OverflowError, TypeError) as e:
        print(type(e).__name__)
