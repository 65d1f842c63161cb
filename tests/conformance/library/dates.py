# datetime.
from datetime import date, datetime, timedelta
print(date(2024, 2, 28) + timedelta(days=2), datetime(2024, 1, 1, 12).isoformat(), (date(2024, 3, 1) - date(2023, 3, 1)).days, datetime(2024, 5, 6).strftime("%A %d %B %Y"))
