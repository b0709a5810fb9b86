def portal(request):
    return {"navigation": [], "has_demo_data": False, "is_demo": False}
