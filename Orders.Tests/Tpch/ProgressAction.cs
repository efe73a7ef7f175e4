using Orders.Application.Seeding;

namespace Orders.Tests.Tpch;

/// <summary>Calls an action for each progress report, on the thread that reports.</summary>
internal sealed class ProgressAction(Action<SeedProgress> action) : IProgress<SeedProgress>
{
    public static IProgress<SeedProgress> None { get; } = new ProgressAction(_ => { });

    /// <summary>Calls an action once, when some but not all orders are written.</summary>
    public static IProgress<SeedProgress> Midway(Action action)
    {
        bool done = false;
        return new ProgressAction(progress =>
        {
            if (!done && progress is { Stage: SeedStage.Writing, Rows: > 0 })
            {
                done = true;
                action();
            }
        });
    }

    public void Report(SeedProgress value) => action(value);
}
