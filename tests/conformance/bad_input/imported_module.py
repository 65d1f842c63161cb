# status: 1
# A syntax error in an imported module is an exception of the importing one.
import late_error
print("never")
