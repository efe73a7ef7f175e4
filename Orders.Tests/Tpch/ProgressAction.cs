using Orders.Application.Seeding;

namespace Orders.Tests.Tpch;

/// <summary>Does something each time a run reports, on the run's own thread.</summary>
internal sealed class ProgressAction(Action<SeedProgress> action) : IProgress<SeedProgress>
{
    public static IProgress<SeedProgress> None { get; } = new ProgressAction(_ => { });

    /// <summary>Does it once, when the first orders are written and the others are not.</summary>
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
