namespace Orders.Infrastructure.Coalescing;

/// <summary>The context of no request.</summary>
internal static class OwnContext
{
    /// <summary>
    /// What runs in it is part of no request's trace, and what it sets there (<see cref="AsyncLocal{T}"/>) it finds again after it has
    /// waited. With <see cref="ExecutionContext.SuppressFlow"/> it would not.
    /// </summary>
    public static ExecutionContext Empty { get; } = Capture();

    private static ExecutionContext Capture()
    {
        ExecutionContext? captured = null;
        var thread = new Thread(() => captured = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return captured!;
    }
}
