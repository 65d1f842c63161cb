v = "found through sys.path"
