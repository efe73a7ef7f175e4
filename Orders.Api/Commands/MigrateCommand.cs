using System.CommandLine;
using Orders.Application;

namespace Orders.Api.Commands;

/// <summary><c>migrate</c>: applies the schema scripts and ends.</summary>
internal static class MigrateCommand
{
    public static Command Create(Func<string[], IHost> buildHost)
    {
        var command = new Command("migrate", "Create the table orders_synced where it is missing; a table that exists stays as it is.");
        CommandHost.Run<ISchemaMigrator>(command, buildHost, async (migrator, _, cancellationToken) =>
        {
            await migrator.MigrateAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
